#pragma once
/// One source of randomness strengthened by others (a TPM, an HSM, a smart card), never replaced by them.

#include "base/rng.hpp"
#include "base/secret.hpp"

namespace chat {

/// Every byte is the base source's, masked by a stream from a pool into which further entropy was mixed. So the output is at least as
/// good as the better of the two: whoever knows or chooses all that was mixed in still faces the base source, and a base source that
/// fails unnoticed still has the pool's mask over it. The pool steps forward with every call, so its state doesn't tell earlier output.
class MixingRng : public Rng {
  public:
    /// `base` must outlive the object.
    explicit MixingRng(Rng& base) : base_{base} {}

    /// Takes in bytes of any number and quality.
    void mix_in(ByteView entropy);

    /// Throws RngFailure when the base source does; then the pool has not moved.
    void fill(MutableByteView out) override;

  private:
    using Pool = Secret<struct MixingPoolTag, 64>;
    Rng& base_;
    Pool pool_;
};

}  // namespace chat
