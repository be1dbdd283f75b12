#pragma once
/// The part of verification that exists once for each instruction set. Integers only; all of them give the
/// same verdicts.

#include "quantcrypt/falcon1024/implementation.hpp"
#include "quantcrypt/falcon1024/ntt.hpp"

namespace chat::falcon1024 {

struct VerificationKernels {
    /// h from coefficients to the form that squared_norm takes.
    void (*prepare)(MutableRingView h);
    /// |s1|^2 + |s2|^2 with s1 = c - s2 h mod q, centred. Magnitudes in s2 are at most 2047, so the sum can't
    /// wrap.
    u64 (*squared_norm)(RingView prepared_h, RingView c, std::span<const i16, n> s2);
};

[[nodiscard]] const VerificationKernels& verification_kernels(Implementation implementation);

[[nodiscard]] const VerificationKernels& portable_verification_kernels();
[[nodiscard]] const VerificationKernels& avx2_verification_kernels();  ///< exists on x86-64 only

}  // namespace chat::falcon1024
