#pragma once
/// The bottom of NTRUSolve (specification, algorithm 6, n = 1): two integers of some 6,300 bits.

#include "quantcrypt/falcon1024/digits.hpp"
#include "quantcrypt/falcon1024/keygen_rejection.hpp"
#include "quantcrypt/falcon1024/keygen_workspace.hpp"

namespace chat::falcon1024 {

/// Most digits that solve_resultants() takes.
inline constexpr std::size_t resultant_digits = 232;

/// big_f = F with f G - g F = q for some G, |F| <= |f|/2 + q; all of degree 1 and with resultant_digits digits. not_coprime
/// when f is even or shares a factor with g. Constant-time: safegcd (Bernstein and Yang 2019), in the variant with half-integer delta.
[[nodiscard]] Result<void, KeygenRejection> solve_resultants(Digits big_f, ConstDigits f, ConstDigits g,
                                                             KeygenWorkspace& workspace);

}  // namespace chat::falcon1024
