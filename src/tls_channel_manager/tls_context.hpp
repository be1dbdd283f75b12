#pragma once
/// The TLS policy (docs/protocol.md 4), built once by the owner and shared by all its connections: TLS 1.3 only, SecP384r1MLKEM1024
/// only, TLS_AES_256_GCM_SHA384 and TLS_CHACHA20_POLY1305_SHA256 only, ML-DSA-87 only, both sides present a certificate, no
/// tickets, no resumption, no 0-RTT, no compression. It has OpenSSL's library context of crypto/library_context.hpp, so the
/// system's openssl.cnf has no say. Immutable after construction; usable from any thread.

#include <memory>

#include "base/bytes.hpp"

struct ssl_ctx_st;

namespace chat {

class TlsContext {
  public:
    /// Throws std::runtime_error when the linked OpenSSL lacks the group, a suite or ML-DSA-87.
    TlsContext();
    TlsContext(TlsContext&&) noexcept = default;
    TlsContext& operator=(TlsContext&&) noexcept = default;
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;
    ~TlsContext() = default;

    /// Borrowed.
    [[nodiscard]] ssl_ctx_st* get() const { return context_.get(); }

  private:
    struct Free {
        void operator()(ssl_ctx_st* context) const noexcept;
    };
    std::unique_ptr<ssl_ctx_st, Free> context_;
};

}  // namespace chat
