#include "crypto/library_context.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <array>
#include <stdexcept>
#include <string>

namespace chat {
namespace {

struct FreeContext {
    void operator()(OSSL_LIB_CTX* context) const noexcept { OSSL_LIB_CTX_free(context); }
};

struct FreeProvider {
    void operator()(OSSL_PROVIDER* provider) const noexcept { OSSL_PROVIDER_unload(provider); }
};

struct FreeHash {
    void operator()(EVP_MD* hash) const noexcept { EVP_MD_free(hash); }
};

struct FreeCipher {
    void operator()(EVP_CIPHER* cipher) const noexcept { EVP_CIPHER_free(cipher); }
};

using ContextPtr = std::unique_ptr<OSSL_LIB_CTX, FreeContext>;
using ProviderPtr = std::unique_ptr<OSSL_PROVIDER, FreeProvider>;
using HashPtr = std::unique_ptr<EVP_MD, FreeHash>;
using CipherPtr = std::unique_ptr<EVP_CIPHER, FreeCipher>;

// In the order of HashAlgorithm.
constexpr std::array hash_names = {"SHA2-256", "SHA2-384", "SHA2-512", "SHA3-256", "SHA3-512", "SHAKE-256"};

ContextPtr make_context() {
    // The default context would otherwise load openssl.cnf at the first call of libssl that initialises the library.
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr) != 1) {
        throw std::runtime_error{"OpenSSL does not start"};
    }
    ContextPtr context{OSSL_LIB_CTX_new()};
    if (!context) throw std::bad_alloc{};
    return context;
}

template <class Ptr>
Ptr required(Ptr handle, std::string_view name) {
    if (!handle) throw std::runtime_error{"the linked OpenSSL has no " + std::string{name}};
    return handle;
}

}  // namespace

struct LibraryContext::Handles {
    ContextPtr context = make_context();
    ProviderPtr provider =
        required(ProviderPtr{OSSL_PROVIDER_load(context.get(), "default")}, "default provider");
    std::array<HashPtr, hash_names.size()> hashes;
    CipherPtr aes_256_gcm =
        required(CipherPtr{EVP_CIPHER_fetch(context.get(), "AES-256-GCM", nullptr)}, "AES-256-GCM");
};

LibraryContext::LibraryContext() : handles_{std::make_unique<Handles>()} {
    for (std::size_t i = 0; i < hash_names.size(); ++i) {
        handles_->hashes[i] =
            required(HashPtr{EVP_MD_fetch(handles_->context.get(), hash_names[i], nullptr)}, hash_names[i]);
    }
}

LibraryContext::~LibraryContext() = default;

ossl_lib_ctx_st* LibraryContext::get() const { return handles_->context.get(); }

const evp_md_st* LibraryContext::hash(HashAlgorithm algorithm) const {
    return handles_->hashes[static_cast<std::size_t>(algorithm)].get();
}

const evp_cipher_st* LibraryContext::aes_256_gcm() const { return handles_->aes_256_gcm.get(); }

const LibraryContext& library_context() {
    static const LibraryContext context;
    return context;
}

}  // namespace chat
