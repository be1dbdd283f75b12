#include "platform_hsm_interface/backends/pkcs11_objects_posix.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "crypto/system_rng.hpp"

namespace chat {
namespace {

constexpr std::size_t gcm_iv_size = 12;
constexpr std::size_t gcm_tag_size = 16;
constexpr std::size_t gcm_wrapped_size = gcm_iv_size + VaultKey::size + gcm_tag_size;
constexpr std::size_t key_wrapped_size = VaultKey::size + 8;

// Attributes point to their values and the standard's pointers are not const; nothing is written through these.
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, ByteView value) {
    return {type, const_cast<u8*>(value.data()), value.size()};
}

template <class T>
CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, const T& value) {
    return {type, const_cast<T*>(&value), sizeof value};
}

constexpr CK_BBOOL yes = CK_TRUE;
constexpr CK_BBOOL no = CK_FALSE;
constexpr CK_OBJECT_CLASS secret_class = CKO_SECRET_KEY;
constexpr CK_OBJECT_CLASS private_class = CKO_PRIVATE_KEY;
constexpr CK_OBJECT_CLASS public_class = CKO_PUBLIC_KEY;
constexpr CK_KEY_TYPE aes_type = CKK_AES;
constexpr CK_ULONG vault_key_size = VaultKey::size;
/// OBJECT IDENTIFIER 1.3.132.0.34, secp384r1 (RFC 5480, 2.1.1.1).
constexpr std::array<u8, 7> p384_parameters = {0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};

Result<std::vector<CK_OBJECT_HANDLE>, HsmError> find(const Pkcs11Session& session,
                                                     std::vector<CK_ATTRIBUTE> wanted) {
    auto& token = session.functions();
    CK_RV code = token.C_FindObjectsInit(session.handle(), wanted.data(), wanted.size());
    if (code != CKR_OK) return fail(token_error(code));
    std::array<CK_OBJECT_HANDLE, 16> found{};
    CK_ULONG count = 0;
    code = token.C_FindObjects(session.handle(), found.data(), found.size(), &count);
    (void)token.C_FindObjectsFinal(session.handle());
    if (code != CKR_OK) return fail(token_error(code));
    return std::vector<CK_OBJECT_HANDLE>(found.begin(),
                                         found.begin() + static_cast<long>(std::min(count, found.size())));
}

Result<CK_OBJECT_HANDLE, HsmError> find_one(const Pkcs11Session& session, const CK_OBJECT_CLASS& its_class,
                                            const TokenHandle::Id& id) {
    // Private ones only: a public object of the same id can be put into many tokens without the PIN.
    const auto found = find(session, {attribute_of(CKA_CLASS, its_class), attribute_of(CKA_TOKEN, yes),
                                      attribute_of(CKA_PRIVATE, yes), attribute(CKA_ID, id.bytes)});
    if (!found) return fail(found.error());
    if (found->empty()) return fail(HsmError::key_missing);
    return found->front();
}

bool is_set(const Pkcs11Session& session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, CK_BBOOL wanted) {
    CK_BBOOL value = wanted == CK_TRUE ? CK_FALSE : CK_TRUE;
    CK_ATTRIBUTE asked{type, &value, sizeof value};
    return session.functions().C_GetAttributeValue(session.handle(), object, &asked, 1) == CKR_OK &&
           value == wanted;
}

/// The token itself says that the key was made there and can't leave.
bool never_leaves(const Pkcs11Session& session, CK_OBJECT_HANDLE object) {
    return is_set(session, object, CKA_SENSITIVE, CK_TRUE) &&
           is_set(session, object, CKA_EXTRACTABLE, CK_FALSE) &&
           is_set(session, object, CKA_ALWAYS_SENSITIVE, CK_TRUE) &&
           is_set(session, object, CKA_NEVER_EXTRACTABLE, CK_TRUE) &&
           is_set(session, object, CKA_LOCAL, CK_TRUE);
}

Result<CK_OBJECT_HANDLE, HsmError> make_wrapping_key(const Pkcs11Session& session, TokenWrap wrap,
                                                     const TokenHandle::Id& id, const std::string& label) {
    const CK_BBOOL encrypts = wrap == TokenWrap::aes_gcm ? yes : no;
    const CK_BBOOL wraps = wrap == TokenWrap::aes_key_wrap ? yes : no;
    std::array type = {attribute_of(CKA_TOKEN, yes),
                       attribute_of(CKA_PRIVATE, yes),
                       attribute_of(CKA_SENSITIVE, yes),
                       attribute_of(CKA_EXTRACTABLE, no),
                       attribute_of(CKA_VALUE_LEN, vault_key_size),
                       attribute_of(CKA_ENCRYPT, encrypts),
                       attribute_of(CKA_DECRYPT, encrypts),
                       attribute_of(CKA_WRAP, wraps),
                       attribute_of(CKA_UNWRAP, wraps),
                       attribute(CKA_ID, id.bytes),
                       attribute(CKA_LABEL, bytes_of(label))};
    CK_MECHANISM mechanism{CKM_AES_KEY_GEN, nullptr, 0};
    CK_OBJECT_HANDLE key = 0;
    const CK_RV code =
        session.functions().C_GenerateKey(session.handle(), &mechanism, type.data(), type.size(), &key);
    if (code != CKR_OK) return fail(token_error(code));
    if (!never_leaves(session, key)) return fail(HsmError::not_supported);
    return key;
}

/// CKA_EC_POINT is the point in an OCTET STRING (PKCS#11 2.40, 2.3.3), or bare with some modules.
Result<EcdsaP384PublicKey, HsmError> public_key_of(const Pkcs11Session& session, CK_OBJECT_HANDLE object) {
    std::array<u8, 2 + EcdsaP384PublicKey::size> value{};
    CK_ATTRIBUTE asked{CKA_EC_POINT, value.data(), value.size()};
    const CK_RV code = session.functions().C_GetAttributeValue(session.handle(), object, &asked, 1);
    if (code != CKR_OK) return fail(token_error(code));
    ByteView point = value;
    if (asked.ulValueLen == value.size() && value[0] == 0x04 && value[1] == EcdsaP384PublicKey::size) {
        point = point.subspan(2);
    } else if (asked.ulValueLen == EcdsaP384PublicKey::size) {
        point = point.first(EcdsaP384PublicKey::size);
    } else {
        return fail(HsmError::failed);
    }
    const auto key = EcdsaP384PublicKey::from(point.first<EcdsaP384PublicKey::size>());
    if (!ecdsa_p384::check_public_key(key)) return fail(HsmError::failed);
    return key;
}

Result<EcdsaP384PublicKey, HsmError> make_signing_pair(const Pkcs11Session& session,
                                                       const TokenHandle::Id& id, const std::string& label) {
    std::array public_type = {attribute_of(CKA_TOKEN, yes), attribute_of(CKA_VERIFY, yes),
                              attribute(CKA_EC_PARAMS, p384_parameters), attribute(CKA_ID, id.bytes),
                              attribute(CKA_LABEL, bytes_of(label))};
    std::array private_type = {attribute_of(CKA_TOKEN, yes),         attribute_of(CKA_PRIVATE, yes),
                               attribute_of(CKA_SENSITIVE, yes),     attribute_of(CKA_EXTRACTABLE, no),
                               attribute_of(CKA_SIGN, yes),          attribute(CKA_ID, id.bytes),
                               attribute(CKA_LABEL, bytes_of(label))};
    CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
    CK_OBJECT_HANDLE public_key = 0;
    CK_OBJECT_HANDLE private_key = 0;
    const CK_RV code = session.functions().C_GenerateKeyPair(session.handle(), &mechanism, public_type.data(),
                                                             public_type.size(), private_type.data(),
                                                             private_type.size(), &public_key, &private_key);
    if (code != CKR_OK) return fail(token_error(code));
    if (!never_leaves(session, private_key)) return fail(HsmError::not_supported);
    return public_key_of(session, public_key);
}

/// A failure while decrypting that is not about the token or the login is about what was decrypted.
HsmError unwrap_error(CK_RV code) {
    const HsmError error = token_error(code);
    return error == HsmError::removed || error == HsmError::pin_needed || error == HsmError::busy
               ? error
               : HsmError::damaged_key;
}

CK_GCM_PARAMS gcm_parameters(MutableByteView iv, ByteView bound) {
    CK_GCM_PARAMS out{};
    out.pIv = iv.data();
    out.ulIvLen = iv.size();
    out.ulIvBits = 8 * iv.size();
    out.pAAD = const_cast<u8*>(bound.data());
    out.ulAADLen = bound.size();
    out.ulTagBits = 8 * gcm_tag_size;
    return out;
}

Result<Bytes, HsmError> wrap_by_gcm(const Pkcs11Session& session, CK_OBJECT_HANDLE wrapping_key,
                                    ByteView bound, const VaultKey& key) {
    Bytes out(gcm_wrapped_size);
    const MutableByteView iv = MutableByteView{out}.first(gcm_iv_size);
    SystemRng{}.fill(iv);  // one of a handful under this key: nobody's 2^32 is near
    CK_GCM_PARAMS parameters = gcm_parameters(iv, bound);
    CK_MECHANISM mechanism{CKM_AES_GCM, &parameters, sizeof parameters};
    CK_RV code = session.functions().C_EncryptInit(session.handle(), &mechanism, wrapping_key);
    if (code != CKR_OK) return fail(token_error(code));
    CK_ULONG size = out.size() - gcm_iv_size;
    code = session.functions().C_Encrypt(session.handle(), const_cast<u8*>(key.expose().data()),
                                         VaultKey::size, out.data() + gcm_iv_size, &size);
    if (code != CKR_OK) return fail(token_error(code));
    if (size != out.size() - gcm_iv_size) return fail(HsmError::failed);
    return out;
}

Result<VaultKey, HsmError> unwrap_by_gcm(const Pkcs11Session& session, CK_OBJECT_HANDLE wrapping_key,
                                         ByteView bound, ByteView wrapped) {
    Bytes bytes{wrapped.begin(), wrapped.end()};
    CK_GCM_PARAMS parameters = gcm_parameters(MutableByteView{bytes}.first(gcm_iv_size), bound);
    CK_MECHANISM mechanism{CKM_AES_GCM, &parameters, sizeof parameters};
    CK_RV code = session.functions().C_DecryptInit(session.handle(), &mechanism, wrapping_key);
    if (code != CKR_OK) return fail(token_error(code));
    // Room for what a module writes before it has looked at the tag.
    SecretBuffer room{gcm_wrapped_size};
    CK_ULONG size = room.size();
    code = session.functions().C_Decrypt(session.handle(), bytes.data() + gcm_iv_size,
                                         bytes.size() - gcm_iv_size, room.expose_mutable().data(), &size);
    if (code != CKR_OK) return fail(unwrap_error(code));
    if (size != VaultKey::size) return fail(HsmError::damaged_key);
    return VaultKey::copy_of(room.expose().first<VaultKey::size>());
}

/// An object of the session, gone with it at the latest.
class PassingObject {
  public:
    explicit PassingObject(const Pkcs11Session& session) : session_{session} {}
    PassingObject(const PassingObject&) = delete;
    PassingObject& operator=(const PassingObject&) = delete;
    ~PassingObject() {
        if (handle != 0) (void)session_.functions().C_DestroyObject(session_.handle(), handle);
    }
    CK_OBJECT_HANDLE handle = 0;

  private:
    const Pkcs11Session& session_;
};

Result<Bytes, HsmError> wrap_by_key_wrap(const Pkcs11Session& session, CK_OBJECT_HANDLE wrapping_key,
                                         const VaultKey& key) {
    auto& token = session.functions();
    std::array type = {attribute_of(CKA_CLASS, secret_class), attribute_of(CKA_KEY_TYPE, aes_type),
                       attribute_of(CKA_TOKEN, no),           attribute_of(CKA_EXTRACTABLE, yes),
                       attribute_of(CKA_SENSITIVE, no),       attribute(CKA_VALUE, key.expose())};
    PassingObject passing{session};
    CK_RV code = token.C_CreateObject(session.handle(), type.data(), type.size(), &passing.handle);
    if (code != CKR_OK) return fail(token_error(code));
    CK_MECHANISM mechanism{CKM_AES_KEY_WRAP, nullptr, 0};
    Bytes out(key_wrapped_size);
    CK_ULONG size = out.size();
    code = token.C_WrapKey(session.handle(), &mechanism, wrapping_key, passing.handle, out.data(), &size);
    if (code != CKR_OK) return fail(token_error(code));
    if (size != out.size()) return fail(HsmError::failed);
    return out;
}

Result<VaultKey, HsmError> unwrap_by_key_wrap(const Pkcs11Session& session, CK_OBJECT_HANDLE wrapping_key,
                                              ByteView wrapped) {
    auto& token = session.functions();
    std::array type = {attribute_of(CKA_CLASS, secret_class), attribute_of(CKA_KEY_TYPE, aes_type),
                       attribute_of(CKA_TOKEN, no), attribute_of(CKA_EXTRACTABLE, yes),
                       attribute_of(CKA_SENSITIVE, no)};
    PassingObject passing{session};
    CK_MECHANISM mechanism{CKM_AES_KEY_WRAP, nullptr, 0};
    CK_RV code =
        token.C_UnwrapKey(session.handle(), &mechanism, wrapping_key, const_cast<u8*>(wrapped.data()),
                          wrapped.size(), type.data(), type.size(), &passing.handle);
    if (code != CKR_OK) return fail(unwrap_error(code));
    VaultKey key;
    CK_ATTRIBUTE asked{CKA_VALUE, key.expose_mutable().data(), VaultKey::size};
    code = token.C_GetAttributeValue(session.handle(), passing.handle, &asked, 1);
    if (code != CKR_OK) return fail(unwrap_error(code));
    if (asked.ulValueLen != VaultKey::size) return fail(HsmError::damaged_key);
    return key;
}

}  // namespace

Result<TokenWrap, HsmError> choose_wrap(const Pkcs11Session& session) {
    const bool makes_keys = session.offers(CKM_AES_KEY_GEN, CKF_GENERATE) &&
                            session.offers(CKM_EC_KEY_PAIR_GEN, CKF_GENERATE_KEY_PAIR) &&
                            session.offers(CKM_ECDSA, CKF_SIGN);
    if (makes_keys && session.offers(CKM_AES_GCM, CKF_ENCRYPT | CKF_DECRYPT)) return TokenWrap::aes_gcm;
    if (makes_keys && session.offers(CKM_AES_KEY_WRAP, CKF_WRAP | CKF_UNWRAP)) return TokenWrap::aes_key_wrap;
    return fail(HsmError::not_supported);
}

Result<EcdsaP384PublicKey, HsmError> make_objects(const Pkcs11Session& session, TokenWrap wrap,
                                                  const TokenHandle::Id& id, std::string_view name) {
    const std::string prefix = "secure-p2p " + std::string{name};
    const auto wrapping_key = make_wrapping_key(session, wrap, id, prefix + " vault key");
    auto public_key = wrapping_key ? make_signing_pair(session, id, prefix + " co-signing key")
                                   : Result<EcdsaP384PublicKey, HsmError>{fail(wrapping_key.error())};
    if (!public_key) (void)destroy_objects(session, id);
    return public_key;
}

Result<void, HsmError> destroy_objects(const Pkcs11Session& session, const TokenHandle::Id& id) {
    for (const CK_OBJECT_CLASS& each : {secret_class, private_class, public_class}) {
        const auto found = find(session, {attribute_of(CKA_CLASS, each), attribute(CKA_ID, id.bytes)});
        if (!found) return fail(found.error());
        for (const CK_OBJECT_HANDLE object : *found) {
            const CK_RV code = session.functions().C_DestroyObject(session.handle(), object);
            if (code != CKR_OK) return fail(token_error(code));
        }
    }
    return {};
}

Result<Bytes, HsmError> wrap_in_token(const Pkcs11Session& session, const TokenHandle& handle, ByteView bound,
                                      const VaultKey& key) {
    const auto wrapping_key = find_one(session, secret_class, handle.id);
    if (!wrapping_key) return fail(wrapping_key.error());
    if (handle.wrap == TokenWrap::aes_gcm) return wrap_by_gcm(session, *wrapping_key, bound, key);
    return wrap_by_key_wrap(session, *wrapping_key, key);
}

Result<VaultKey, HsmError> unwrap_in_token(const Pkcs11Session& session, const TokenHandle& handle,
                                           ByteView bound, ByteView wrapped) {
    const bool by_gcm = handle.wrap == TokenWrap::aes_gcm;
    if (wrapped.size() != (by_gcm ? gcm_wrapped_size : key_wrapped_size)) return fail(HsmError::damaged_key);
    const auto wrapping_key = find_one(session, secret_class, handle.id);
    if (!wrapping_key) return fail(wrapping_key.error());
    return by_gcm ? unwrap_by_gcm(session, *wrapping_key, bound, wrapped)
                  : unwrap_by_key_wrap(session, *wrapping_key, wrapped);
}

Result<EcdsaP384Signature, HsmError> sign_in_token(const Pkcs11Session& session, const TokenHandle& handle,
                                                   ByteView digest) {
    const auto key = find_one(session, private_class, handle.id);
    if (!key) return fail(key.error());
    CK_MECHANISM mechanism{CKM_ECDSA, nullptr, 0};
    CK_RV code = session.functions().C_SignInit(session.handle(), &mechanism, *key);
    if (code != CKR_OK) return fail(token_error(code));
    EcdsaP384Signature out;
    CK_ULONG size = out.bytes.size();
    code = session.functions().C_Sign(session.handle(), const_cast<u8*>(digest.data()), digest.size(),
                                      out.bytes.data(), &size);
    if (code != CKR_OK) return fail(token_error(code));
    if (size != out.bytes.size()) return fail(HsmError::failed);
    return out;
}

}  // namespace chat
