#pragma once
/// The FFT of fft.hpp in double-double precision, for the small degrees where key generation needs it: sizes 2 to 64, the same points,
/// layout and order of values.

#include <span>

#include "quantcrypt/falcon1024/double_double.hpp"

namespace chat::falcon1024 {

inline constexpr std::size_t max_wide_fft_size = 64;

/// In place, coefficients (constant term first) to values.
void fft(std::span<DoubleDouble> f);
/// In place, values to coefficients.
void inverse_fft(std::span<DoubleDouble> f);

}  // namespace chat::falcon1024
