#pragma once
/// OpenSSL as the project uses it: a library context of its own with the built-in default provider and nothing else. No
/// configuration file and no environment variable is read (OPENSSL_CONF, OPENSSL_MODULES), so the machine's openssl.cnf can neither
/// weaken nor extend what runs here.

#include <memory>

#include "base/bytes.hpp"

struct evp_cipher_st;
struct evp_md_st;
struct ossl_lib_ctx_st;
struct ossl_provider_st;

namespace chat {

enum class HashAlgorithm : u8 { sha256, sha384, sha512, sha3_256, sha3_512, shake256 };

/// The context and the algorithms fetched from it once, since a fetch by name costs more than a short hash. Immutable after
/// construction, so it may be used from any thread.
class LibraryContext {
  public:
    /// Throws std::runtime_error when the linked OpenSSL lacks the default provider or one of the algorithms.
    LibraryContext();
    LibraryContext(const LibraryContext&) = delete;
    LibraryContext& operator=(const LibraryContext&) = delete;
    ~LibraryContext();

    /// For OpenSSL functions that take a library context; borrowed.
    [[nodiscard]] ossl_lib_ctx_st* get() const;
    [[nodiscard]] const evp_md_st* hash(HashAlgorithm algorithm) const;
    [[nodiscard]] const evp_cipher_st* aes_256_gcm() const;

  private:
    struct Handles;
    std::unique_ptr<Handles> handles_;
};

/// The process's one instance, made at first use: an immutable table of what the linked library offers, not state.
[[nodiscard]] const LibraryContext& library_context();

}  // namespace chat
