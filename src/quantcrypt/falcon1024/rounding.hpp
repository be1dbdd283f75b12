#pragma once
/// Rounding of reals to integers without a branch on them.

#include <bit>

#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024 {

/// The nearest integer, for |a| < 2^51; ties go to the even one.
inline double nearest(double a) {
    constexpr double shift = 6755399441055744.0;  // 3 * 2^51: beside it only integers exist
    return (a + shift) - shift;
}

/// All ones when |a| < limit, else, or when a is not a number, 0. For limit > 0.
inline u64 mask_below(double a, double limit) {
    constexpr u64 without_sign = ~u64{0} >> 1U;
    // Magnitudes of doubles are in the order of their bits; infinity and what is not a number come last.
    const u64 difference = (std::bit_cast<u64>(a) & without_sign) - std::bit_cast<u64>(limit);
    return 0 - (difference >> 63U);
}

/// a where the mask is all ones, 0 where it is 0.
inline double masked(double a, u64 mask) { return std::bit_cast<double>(std::bit_cast<u64>(a) & mask); }

}  // namespace chat::falcon1024
