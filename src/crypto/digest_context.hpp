#pragma once
/// Inside of hash, HMAC, HKDF and SHAKE: OpenSSL's hash state, owned. It is cleared when freed.

#include <initializer_list>
#include <memory>

#include "base/bytes.hpp"
#include "crypto/library_context.hpp"

struct evp_md_ctx_st;

namespace chat {

class DigestContext {
  public:
    /// Ready to absorb. Throws std::bad_alloc.
    explicit DigestContext(HashAlgorithm algorithm);
    DigestContext(const DigestContext& other);
    DigestContext(DigestContext&&) noexcept = default;
    DigestContext& operator=(const DigestContext& other);
    DigestContext& operator=(DigestContext&&) noexcept = default;
    ~DigestContext() = default;

    void update(ByteView data);
    /// `out` has the size of the hash; afterwards restart() or destroy.
    void finish(MutableByteView out);
    /// Forgets what was absorbed.
    void restart();
    /// SHAKE only: the next bytes of the output.
    void squeeze(MutableByteView out);

  private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const noexcept;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace chat
