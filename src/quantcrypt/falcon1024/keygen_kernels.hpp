#pragma once
/// The inner loops of key generation, one set for each implementation. All of them are constant-time and give the same results.

#include <cstddef>
#include <span>

#include "quantcrypt/falcon1024/implementation.hpp"
#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024 {

/// The terms of out[v] += sum over a < outer, b < inner of x[a x_outer + b x_inner] * y[a y_outer + b y_inner + v]. All factors are
/// below 2^31 in magnitude, and no sum exceeds 63 bits.
struct ProductSum {
    const i64* x;
    const i64* y;
    std::ptrdiff_t x_outer;
    std::ptrdiff_t x_inner;
    std::ptrdiff_t y_outer;
    std::ptrdiff_t y_inner;
    std::size_t outer;
    std::size_t inner;
};

/// Values modulo the prime of ntt31.hpp, in [0, p).
using Residues = std::span<u32>;
using ConstResidues = std::span<const u32>;

struct KeygenKernels {
    /// out[0 .. width) += the sum; width is 4, 8, 12 or 16.
    void (*add_products)(i64* out, std::size_t width, const ProductSum& sum);
    /// The forward and inverse transforms of ntt31.hpp.
    void (*ntt31)(Residues f);
    void (*inverse_ntt31)(Residues f);
    /// magnitudes[i] = the magnitude of a coefficient that the words draws[2i], draws[2i + 1] stand for, with the sign of
    /// draws[2i] (gaussian.hpp). Multiples of 4 only.
    void (*gaussian)(std::span<i8> out, std::span<const u64> draws);
    /// fft() and inverse_fft() of fft.hpp, for sizes from 16 on.
    void (*fft)(std::span<double> f);
    void (*inverse_fft)(std::span<double> f);
    /// divide_values() of ntt.hpp.
    void (*divide_values)(std::span<u16, n> a, std::span<const u16, n> b);
};

/// The one that `implementation` names.
[[nodiscard]] const KeygenKernels& keygen_kernels(Implementation implementation);

[[nodiscard]] const KeygenKernels& portable_keygen_kernels();
/// Where there is AVX2 only; keygen_kernels() sees to that.
[[nodiscard]] const KeygenKernels& avx2_keygen_kernels();

}  // namespace chat::falcon1024
