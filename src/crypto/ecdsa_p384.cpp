#include "crypto/ecdsa_p384.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>
#include <new>

#include "crypto/library_context.hpp"

namespace chat::ecdsa_p384 {
namespace {

constexpr std::size_t coordinate_size = 48;

struct Free {
    void operator()(EVP_PKEY* p) const noexcept { EVP_PKEY_free(p); }
    void operator()(EVP_PKEY_CTX* p) const noexcept { EVP_PKEY_CTX_free(p); }
    void operator()(EVP_MD_CTX* p) const noexcept { EVP_MD_CTX_free(p); }
    void operator()(ECDSA_SIG* p) const noexcept { ECDSA_SIG_free(p); }
    void operator()(BIGNUM* p) const noexcept { BN_free(p); }
    void operator()(u8* p) const noexcept { OPENSSL_free(p); }
};

template <class T>
using Owned = std::unique_ptr<T, Free>;

template <class T>
Owned<T> made(T* object) {
    if (object == nullptr) throw std::bad_alloc{};
    return Owned<T>{object};
}

/// Null when the bytes are no point of the curve. What went wrong does not stay in OpenSSL's queue of errors.
Owned<EVP_PKEY> decode(const EcdsaP384PublicKey& public_key) {
    constexpr u8 uncompressed = 4;  // 6 and 7, the hybrid forms, would be accepted by OpenSSL
    if (public_key.bytes[0] != uncompressed) return nullptr;
    const auto context = made(EVP_PKEY_CTX_new_from_name(library_context().get(), "EC", nullptr));
    char group[] = "P-384";
    Bytes point{public_key.bytes.begin(), public_key.bytes.end()};
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end()};
    EVP_PKEY* key = nullptr;
    const bool decoded =
        EVP_PKEY_fromdata_init(context.get()) == 1 &&
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, const_cast<OSSL_PARAM*>(params)) == 1;
    Owned<EVP_PKEY> owned{key};
    if (decoded) {
        const auto check = made(EVP_PKEY_CTX_new_from_pkey(library_context().get(), key, nullptr));
        if (EVP_PKEY_public_check(check.get()) == 1) return owned;
    }
    ERR_clear_error();
    return nullptr;
}

/// The DER form, which OpenSSL takes.
Bytes encoded(const EcdsaP384Signature& signature) {
    auto r = made(BN_bin2bn(signature.bytes.data(), coordinate_size, nullptr));
    auto s = made(BN_bin2bn(signature.bytes.data() + coordinate_size, coordinate_size, nullptr));
    const auto pair = made(ECDSA_SIG_new());
    if (ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) throw std::bad_alloc{};
    (void)r.release();
    (void)s.release();
    u8* der = nullptr;
    const int size = i2d_ECDSA_SIG(pair.get(), &der);
    if (size <= 0) throw std::bad_alloc{};
    const Owned<u8> owned{der};
    return {der, der + size};
}

}  // namespace

Result<void, CryptoError> check_public_key(const EcdsaP384PublicKey& public_key) {
    if (!decode(public_key)) return fail(CryptoError::bad_ecdsa_public_key);
    return {};
}

Result<void, CryptoError> verify(const EcdsaP384PublicKey& public_key, ByteView message,
                                 const EcdsaP384Signature& signature) {
    const auto key = decode(public_key);
    if (!key) return fail(CryptoError::bad_ecdsa_public_key);
    const Bytes der = encoded(signature);
    const auto context = made(EVP_MD_CTX_new());
    if (EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA2-384", library_context().get(), nullptr,
                                key.get(), nullptr) != 1) {
        throw std::bad_alloc{};
    }
    if (EVP_DigestVerify(context.get(), der.data(), der.size(), message.data(), message.size()) != 1) {
        ERR_clear_error();
        return fail(CryptoError::bad_ecdsa_signature);
    }
    return {};
}

}  // namespace chat::ecdsa_p384
