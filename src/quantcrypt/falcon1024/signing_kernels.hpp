#pragma once
/// The part of signing that exists once for each instruction set. All of them give the same bits.

#include "quantcrypt/falcon1024/chacha_stream.hpp"
#include "quantcrypt/falcon1024/implementation.hpp"
#include "quantcrypt/falcon1024/ntt.hpp"
#include "quantcrypt/falcon1024/private_basis.hpp"

namespace chat::falcon1024 {

/// Doubles of an expanded key: b00, b01, b10, b11 in values, and the LDL tree.
inline constexpr std::size_t expanded_size = 4 * n + n * (logn + 1);
/// Doubles of scratch space for an expanded key, and without one; left full of secrets.
inline constexpr std::size_t scratch_size = 5 * n;
inline constexpr std::size_t dynamic_scratch_size = 12 * n;

using ExpandedView = std::span<const double, expanded_size>;
using ScratchView = std::span<double, scratch_size>;
using DynamicScratchView = std::span<double, dynamic_scratch_size>;
using StreamSeed = std::span<const u8, stream_seed_size>;
using MutableSignatureView = std::span<i16, n>;

/// Spans of doubles are aligned to 32 bytes.
struct SigningKernels {
    void (*expand)(std::span<double, expanded_size> out, const PrivateBasis& basis, ScratchView scratch);

    /// One try at a signature of the hashed message c: samples a lattice point near (c, 0) and writes s2.
    /// False when (s1, s2) is not short enough; s2 is then worthless and secret.
    bool (*try_sign)(MutableSignatureView s2, ExpandedView key, RingView c, StreamSeed seed,
                     ScratchView scratch);
    /// The same signature without an expanded key.
    bool (*try_sign_dynamic)(MutableSignatureView s2, const PrivateBasis& basis, RingView c, StreamSeed seed,
                             DynamicScratchView scratch);

    /// SamplerZ alone, for its statistical test: fills `out` with integers around `mu` with deviation 1 /
    /// inverse_deviation.
    void (*sample_integers)(std::span<i64> out, double mu, double inverse_deviation, StreamSeed seed);
};

[[nodiscard]] const SigningKernels& signing_kernels(Implementation implementation);

[[nodiscard]] const SigningKernels& portable_signing_kernels();
[[nodiscard]] const SigningKernels& avx2_signing_kernels();  ///< exists on x86-64 only

}  // namespace chat::falcon1024
