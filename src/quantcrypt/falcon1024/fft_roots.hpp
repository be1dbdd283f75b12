#pragma once
/// The roots of the negacyclic FFT of every size (fft.hpp).

#include <array>
#include <cstddef>

namespace chat::falcon1024 {

/// The roots w_N[k], k < N/4, for N >= 4: N/4 real parts from index N/2 on, then N/4 imaginary parts; so
/// aligned for N >= 16. The two leading zeros stand for N = 2, which needs no root.
alignas(32) inline constexpr std::array<double, 1024> fft_roots{
    0.0, 0.0,
// clang-format off
#include "quantcrypt/falcon1024/fft_roots.inc"
    // clang-format on
};

}  // namespace chat::falcon1024
