#pragma once
/// Babai's reduction at the deep levels of NTRUSolve (specification, algorithm 7), for F alone: at a level where f and g are large,
/// G/g equals F/f up to q/(f g), so that the quotient can be read off F, and G need not exist.

#include "quantcrypt/falcon1024/digit_products.hpp"

namespace chat::falcon1024 {

enum class Precision : u8 { one_double, double_double };

/// a -= k f for an integer polynomial k that leaves a/f with coefficients of about 1/2 or less. The quotient is found one digit after
/// the other, each from the highest digits that are left, so that small errors of one are made good by the next. `a` has
/// at least `reduction_digits(f.digits)` digits; a/f must be below 2^(28 (2 f.digits + 1)). False when a digit of k is over 2^28,
/// which means that f is too nearly singular for the precision. Constant-time.
[[nodiscard]] bool reduce(const KeygenKernels& kernels, KeygenWorkspace& workspace, DigitOrder order,
                          Precision precision, Digits a, ConstDigits f);

/// Room for f times a quotient of 2 `f_digits` + 1 digits, and one digit to carry into.
constexpr std::size_t reduction_digits(std::size_t f_digits) { return 3 * f_digits + 2; }

}  // namespace chat::falcon1024
