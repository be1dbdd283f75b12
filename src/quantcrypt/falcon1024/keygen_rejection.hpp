#pragma once
/// Why a pair (f, g) does not give a key. Key generation counts it and tries the next pair.

#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace chat::falcon1024 {

enum class KeygenRejection : u8 {
    large_coefficient,     ///< a coefficient of f or g does not fit the five bits of the encoding
    long_vector,           ///< |f|^2 + |g|^2 is not below 16823
    long_orthogonalised,   ///< the second vector's orthogonalised norm is not below 1.17^2 q
    not_invertible,        ///< f has no inverse modulo q
    badly_conditioned,     ///< the reduction of F and G would lose too many bits (conditioning.hpp)
    not_coprime,           ///< the resultants of f and g with x^n + 1 have a common factor, or one is even
    coefficient_overflow,  ///< a norm or a reduced F on the way is larger than the room for it
    quotient_overflow,     ///< a quotient of the reduction is larger than its room: f is nearly singular
    basis_too_large,       ///< a coefficient of F or G is outside -127..127
    equation_violated,     ///< f G - g F is not q: rounding went wrong, or the processor did
};
inline constexpr std::size_t keygen_rejection_count = 10;

/// One line for a developer; users never see one.
[[nodiscard]] std::string_view describe(KeygenRejection rejection);

}  // namespace chat::falcon1024
