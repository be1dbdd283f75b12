#pragma once
/// The TLS policy (docs/protocol.md 4), built once by the owner and shared by all its connections: TLS 1.3 only, SecP384r1MLKEM1024
/// only, TLS_AES_256_GCM_SHA384 and TLS_CHACHA20_POLY1305_SHA256 only, ML-DSA-87 only, both sides present a certificate, no
/// tickets, no resumption, no 0-RTT, no compression. It has OpenSSL's library context of crypto/library_context.hpp, so the
/// system's openssl.cnf has no say. Immutable after construction; usable from any thread.

#include <memory>

#include "base/bytes.hpp"

struct ssl_ctx_st;

namespace chat {

/// How often keys change within a connection. The defaults are the product's; tests take smaller ones.
struct TlsLimits {
    /// Records sent under one key before this side updates its own (RFC 8446, 5.5 allows 2^24.5 for AES-GCM).
    u64 records_per_key = 1ULL << 23U;
    /// Key updates that a peer may make: this many, and one more for each 2^20 records it sent.
    u64 key_update_allowance = 16;
};

class TlsContext {
  public:
    /// Throws std::runtime_error when the linked OpenSSL lacks the group, a suite or ML-DSA-87.
    explicit TlsContext(TlsLimits limits = {});
    TlsContext(TlsContext&&) noexcept = default;
    TlsContext& operator=(TlsContext&&) noexcept = default;
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;
    ~TlsContext() = default;

    /// Borrowed.
    [[nodiscard]] ssl_ctx_st* get() const { return context_.get(); }
    [[nodiscard]] const TlsLimits& limits() const { return limits_; }

  private:
    struct Free {
        void operator()(ssl_ctx_st* context) const noexcept;
    };

    TlsLimits limits_;
    std::unique_ptr<ssl_ctx_st, Free> context_;
};

}  // namespace chat
