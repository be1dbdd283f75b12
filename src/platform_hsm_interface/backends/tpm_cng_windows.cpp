// windows.h first: the others need its types.
#include <windows.h>
// clang-format off
#include <bcrypt.h>
#include <ncrypt.h>
// clang-format on

#include <array>
#include <cstring>
#include <string>
#include <utility>

#include "crypto/hash.hpp"
#include "crypto/system_rng.hpp"
#include "platform_hsm_interface/backends/tpm_cng.hpp"
#include "platform_hsm_interface/handle.hpp"
#include "platform_hsm_interface/tpm_authorization.hpp"

namespace chat {
namespace {

// From the SDK's ncrypt.h and bcrypt.h; mingw-w64's lack some of them.
constexpr const wchar_t* platform_provider = L"Microsoft Platform Crypto Provider";
constexpr const wchar_t* usage_authorization = L"PCP_USAGEAUTH";
constexpr const wchar_t* ecdsa_p384_algorithm = L"ECDSA_P384";
constexpr u32 ecdsa_public_p384_magic = 0x33534345;  // "ECS3"

constexpr DWORD rsa_bits = 2048;  // what every TPM has
constexpr std::size_t rsa_size = rsa_bits / 8;
constexpr std::size_t coordinate_size = 48;
/// SHA-1's size, which TPMs of every generation take.
constexpr std::size_t authorization_size = 20;

HsmError cng_error(SECURITY_STATUS status) {
    switch (status) {
        case NTE_BAD_KEYSET:
        case NTE_NO_KEY: return HsmError::key_missing;
        case NTE_NOT_SUPPORTED:
        case NTE_BAD_ALGID:
        case NTE_BAD_LEN: return HsmError::not_supported;
        case NTE_PERM: return HsmError::refused;
        case NTE_DEVICE_NOT_READY:
        case NTE_DEVICE_NOT_FOUND: return HsmError::removed;
        case NTE_PROVIDER_DLL_FAIL:
        case NTE_PROV_TYPE_NOT_DEF: return HsmError::no_device;
        default: break;
    }
    // What the TPM itself says comes as FACILITY_TPM_SERVICE with its own code (winerror.h, TPM_20_E_...).
    constexpr u32 auth_fail = 0x8028008E;  // TPM_20_E_AUTH_FAIL
    constexpr u32 bad_auth = 0x802800A2;   // TPM_20_E_BAD_AUTH
    constexpr u32 lockout = 0x80280921;    // TPM_20_E_LOCKOUT
    const auto code = static_cast<u32>(status);
    if (code == auth_fail || code == bad_auth) return HsmError::wrong_pin;
    return code == lockout ? HsmError::pin_locked : HsmError::failed;
}

/// An NCRYPT handle, freed when it dies.
class NcryptObject {
  public:
    explicit NcryptObject(NCRYPT_HANDLE handle = 0) : handle_{handle} {}
    NcryptObject(NcryptObject&& other) noexcept : handle_{std::exchange(other.handle_, 0)} {}
    NcryptObject& operator=(NcryptObject&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~NcryptObject() {
        if (handle_ != 0) (void)NCryptFreeObject(handle_);
    }
    [[nodiscard]] NCRYPT_HANDLE get() const { return handle_; }
    /// NCryptDeleteKey frees the handle of the key that it deletes.
    [[nodiscard]] NCRYPT_HANDLE release() { return std::exchange(handle_, 0); }

  private:
    NCRYPT_HANDLE handle_;
};

enum class Use { wrapping, co_signing };

std::wstring key_name(const CngHandle::Id& id, Use use) {
    const std::string hex = to_hex(id.view());
    std::wstring out{L"secure-p2p "};
    out.append(hex.begin(), hex.end());
    return out + (use == Use::wrapping ? L" vault key" : L" co-signing key");
}

SECURITY_STATUS set(const NcryptObject& key, const wchar_t* property, ByteView value) {
    return NCryptSetProperty(key.get(), property, const_cast<PBYTE>(value.data()),
                             static_cast<DWORD>(value.size()), 0);
}

SECURITY_STATUS set_number(const NcryptObject& key, const wchar_t* property, DWORD value) {
    return NCryptSetProperty(key.get(), property, reinterpret_cast<PBYTE>(&value), sizeof value, 0);
}

BCRYPT_OAEP_PADDING_INFO oaep_sha256() {
    static const std::wstring hash{L"SHA256"};
    return {hash.c_str(), nullptr, 0};
}

class Cng final : public Hsm {
  public:
    Cng(NcryptObject provider, SecretBuffer pin) : provider_{std::move(provider)}, pin_{std::move(pin)} {}

    [[nodiscard]] HsmInfo info() const override {
        return {HsmKind::cng, "Microsoft", "Platform Crypto Provider", {}};
    }
    [[nodiscard]] Result<void, HsmError> random(MutableByteView out) override;
    [[nodiscard]] Result<Bytes, HsmError> make_keys(std::string_view name) override;
    [[nodiscard]] Result<Bytes, HsmError> wrap(ByteView handle, const VaultKey& key) override;
    [[nodiscard]] Result<VaultKey, HsmError> unwrap(ByteView handle, ByteView wrapped) override;
    [[nodiscard]] Result<EcdsaP384PublicKey, HsmError> co_signing_key(ByteView handle) override;
    [[nodiscard]] Result<EcdsaP384Signature, HsmError> co_sign(ByteView handle, ByteView message) override;
    [[nodiscard]] Result<void, HsmError> destroy_keys(ByteView handle) override;

  private:
    [[nodiscard]] Result<NcryptObject, HsmError> make_key(const CngHandle::Id& id, Use use);
    [[nodiscard]] Result<NcryptObject, HsmError> open_key(const CngHandle& handle, Use use);
    [[nodiscard]] SECURITY_STATUS authorize(const NcryptObject& key);
    void erase(const CngHandle::Id& id, Use use);

    NcryptObject provider_;
    SecretBuffer pin_;
};

Result<void, HsmError> Cng::random(MutableByteView out) {
    BCRYPT_ALG_HANDLE generator = nullptr;
    if (BCryptOpenAlgorithmProvider(&generator, L"RNG", platform_provider, 0) < 0)
        return fail(HsmError::not_supported);
    const NTSTATUS status = BCryptGenRandom(generator, out.data(), static_cast<ULONG>(out.size()), 0);
    (void)BCryptCloseAlgorithmProvider(generator, 0);
    if (status < 0) return fail(HsmError::failed);
    return {};
}

SECURITY_STATUS Cng::authorize(const NcryptObject& key) {
    if (pin_.empty()) return ERROR_SUCCESS;
    SecretBuffer value{authorization_size};
    derive_tpm_authorization(pin_.expose(), value.expose_mutable());
    return set(key, usage_authorization, value.expose());
}

Result<NcryptObject, HsmError> Cng::make_key(const CngHandle::Id& id, Use use) {
    const bool wraps = use == Use::wrapping;
    NCRYPT_KEY_HANDLE handle = 0;
    SECURITY_STATUS status = NCryptCreatePersistedKey(
        provider_.get(), &handle, wraps ? L"RSA" : ecdsa_p384_algorithm, key_name(id, use).c_str(), 0, 0);
    if (status != ERROR_SUCCESS) return fail(cng_error(status));
    NcryptObject key{handle};
    // The export policy stays as it is made: no export. The provider's keys never leave the TPM anyway.
    if (wraps) status = set_number(key, L"Length", rsa_bits);
    if (status == ERROR_SUCCESS) {
        status = set_number(key, L"Key Usage", wraps ? NCRYPT_ALLOW_DECRYPT_FLAG : NCRYPT_ALLOW_SIGNING_FLAG);
    }
    if (status == ERROR_SUCCESS) status = authorize(key);
    if (status == ERROR_SUCCESS) status = NCryptFinalizeKey(key.get(), NCRYPT_SILENT_FLAG);
    if (status != ERROR_SUCCESS) return fail(cng_error(status));
    return key;
}

Result<NcryptObject, HsmError> Cng::open_key(const CngHandle& handle, Use use) {
    if (handle.has_pin && pin_.empty()) return fail(HsmError::pin_needed);
    NCRYPT_KEY_HANDLE opened = 0;
    const SECURITY_STATUS status =
        NCryptOpenKey(provider_.get(), &opened, key_name(handle.id, use).c_str(), 0, NCRYPT_SILENT_FLAG);
    if (status != ERROR_SUCCESS) return fail(cng_error(status));
    NcryptObject key{opened};
    const SECURITY_STATUS authorized = authorize(key);
    if (authorized != ERROR_SUCCESS) return fail(cng_error(authorized));
    return key;
}

void Cng::erase(const CngHandle::Id& id, Use use) {
    NCRYPT_KEY_HANDLE opened = 0;
    if (NCryptOpenKey(provider_.get(), &opened, key_name(id, use).c_str(), 0, NCRYPT_SILENT_FLAG) !=
        ERROR_SUCCESS)
        return;
    if (NCryptDeleteKey(opened, NCRYPT_SILENT_FLAG) != ERROR_SUCCESS) (void)NCryptFreeObject(opened);
}

Result<EcdsaP384PublicKey, HsmError> export_public(const NcryptObject& key) {
    std::array<u8, sizeof(BCRYPT_ECCKEY_BLOB) + 2 * coordinate_size> blob{};
    DWORD size = 0;
    const SECURITY_STATUS status = NCryptExportKey(key.get(), 0, L"ECCPUBLICBLOB", nullptr, blob.data(),
                                                   static_cast<DWORD>(blob.size()), &size, 0);
    if (status != ERROR_SUCCESS) return fail(cng_error(status));
    BCRYPT_ECCKEY_BLOB head{};
    std::memcpy(&head, blob.data(), sizeof head);
    if (size != blob.size() || head.dwMagic != ecdsa_public_p384_magic || head.cbKey != coordinate_size) {
        return fail(HsmError::failed);
    }
    EcdsaP384PublicKey out;
    out.bytes[0] = 4;
    std::copy(blob.begin() + sizeof head, blob.end(), out.bytes.begin() + 1);
    if (!ecdsa_p384::check_public_key(out)) return fail(HsmError::failed);
    return out;
}

Result<Bytes, HsmError> Cng::make_keys(std::string_view) {
    CngHandle handle;
    handle.has_pin = !pin_.empty();
    SystemRng{}.fill(handle.id.bytes);
    const auto wrapping = make_key(handle.id, Use::wrapping);
    if (!wrapping) return fail(wrapping.error());
    const auto signing = make_key(handle.id, Use::co_signing);
    const auto public_key =
        signing ? export_public(*signing) : Result<EcdsaP384PublicKey, HsmError>{fail(signing.error())};
    if (!public_key) {
        erase(handle.id, Use::wrapping);
        erase(handle.id, Use::co_signing);
        return fail(public_key.error());
    }
    handle.co_signing_key = *public_key;
    return encode(handle);
}

Result<Bytes, HsmError> Cng::wrap(ByteView handle, const VaultKey& key) {
    const auto named = decode_cng_handle(handle);
    if (!named) return fail(HsmError::damaged_handle);
    const auto wrapping = open_key(*named, Use::wrapping);
    if (!wrapping) return fail(wrapping.error());
    BCRYPT_OAEP_PADDING_INFO padding = oaep_sha256();
    Bytes out(rsa_size);
    DWORD size = 0;
    const SECURITY_STATUS status = NCryptEncrypt(wrapping->get(), const_cast<PBYTE>(key.expose().data()),
                                                 static_cast<DWORD>(VaultKey::size), &padding, out.data(),
                                                 static_cast<DWORD>(out.size()), &size, NCRYPT_PAD_OAEP_FLAG);
    if (status != ERROR_SUCCESS) return fail(cng_error(status));
    if (size != out.size()) return fail(HsmError::failed);
    return out;
}

Result<VaultKey, HsmError> Cng::unwrap(ByteView handle, ByteView wrapped) {
    const auto named = decode_cng_handle(handle);
    if (!named) return fail(HsmError::damaged_handle);
    if (wrapped.size() != rsa_size) return fail(HsmError::damaged_key);
    const auto wrapping = open_key(*named, Use::wrapping);
    if (!wrapping) return fail(wrapping.error());
    BCRYPT_OAEP_PADDING_INFO padding = oaep_sha256();
    SecretBuffer room{rsa_size};
    DWORD size = 0;
    const SECURITY_STATUS status =
        NCryptDecrypt(wrapping->get(), const_cast<PBYTE>(wrapped.data()), static_cast<DWORD>(wrapped.size()),
                      &padding, room.expose_mutable().data(), static_cast<DWORD>(room.size()), &size,
                      NCRYPT_PAD_OAEP_FLAG | NCRYPT_SILENT_FLAG);
    if (status != ERROR_SUCCESS) {
        const HsmError error = cng_error(status);
        return fail(error == HsmError::failed ? HsmError::damaged_key : error);
    }
    if (size != VaultKey::size) return fail(HsmError::damaged_key);
    return VaultKey::copy_of(room.expose().first<VaultKey::size>());
}

Result<EcdsaP384PublicKey, HsmError> Cng::co_signing_key(ByteView handle) {
    const auto named = decode_cng_handle(handle);
    if (!named) return fail(HsmError::damaged_handle);
    return named->co_signing_key;
}

Result<EcdsaP384Signature, HsmError> Cng::co_sign(ByteView handle, ByteView message) {
    const auto named = decode_cng_handle(handle);
    if (!named) return fail(HsmError::damaged_handle);
    const auto key = open_key(*named, Use::co_signing);
    if (!key) return fail(key.error());
    Sha384Digest digest = sha384(message);
    EcdsaP384Signature out;
    DWORD size = 0;
    const SECURITY_STATUS status =
        NCryptSignHash(key->get(), nullptr, digest.bytes.data(), static_cast<DWORD>(digest.bytes.size()),
                       out.bytes.data(), static_cast<DWORD>(out.bytes.size()), &size, NCRYPT_SILENT_FLAG);
    if (status != ERROR_SUCCESS) return fail(cng_error(status));
    if (size != out.bytes.size() || !ecdsa_p384::verify(named->co_signing_key, message, out)) {
        return fail(HsmError::failed);
    }
    return out;
}

Result<void, HsmError> Cng::destroy_keys(ByteView handle) {
    const auto named = decode_cng_handle(handle);
    if (!named) return fail(HsmError::damaged_handle);
    for (const Use use : {Use::wrapping, Use::co_signing}) {
        auto key = open_key(*named, use);
        if (!key && key.error() == HsmError::key_missing) continue;
        if (!key) return fail(key.error());
        const NCRYPT_HANDLE opened = key->release();
        const SECURITY_STATUS status = NCryptDeleteKey(opened, NCRYPT_SILENT_FLAG);
        if (status == ERROR_SUCCESS) continue;
        (void)NCryptFreeObject(opened);
        return fail(cng_error(status));
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<Hsm>, HsmError> open_cng(SecretBuffer pin) {
    NCRYPT_PROV_HANDLE provider = 0;
    if (NCryptOpenStorageProvider(&provider, platform_provider, 0) != ERROR_SUCCESS)
        return fail(HsmError::no_device);
    return std::unique_ptr<Hsm>{std::make_unique<Cng>(NcryptObject{provider}, std::move(pin))};
}

}  // namespace chat
