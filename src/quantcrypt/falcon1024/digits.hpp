#pragma once
/// Polynomials with large integer coefficients, as NTRUSolve needs them (specification, 3.8.2): each coefficient is a row of
/// balanced digits to the base 2^28. Signed digits make addition, subtraction and rounding shifts the same code for both signs,
/// and 64-bit words hold sums of many products of digits before carries have to be propagated.

#include <span>

#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024 {

inline constexpr unsigned digit_bits = 28;
inline constexpr i64 digit_base = i64{1} << digit_bits;

/// What lies side by side in memory: the coefficients of one digit, for many coefficients of few digits, or the digits of
/// one coefficient, for few coefficients of many digits.
enum class DigitOrder : u8 { by_digit, by_coefficient };

/// A view of a polynomial's digits; digit 0 is the lowest. T is i64 or const i64.
template <class T>
struct BasicDigits {
    T* data = nullptr;
    std::size_t degree = 0;
    std::size_t digits = 0;
    std::size_t coefficient_step = 0;
    std::size_t digit_step = 0;

    BasicDigits() = default;
    BasicDigits(std::span<T> memory, std::size_t degree_, std::size_t digits_, DigitOrder order)
        : data{memory.data()},
          degree{degree_},
          digits{digits_},
          coefficient_step{order == DigitOrder::by_digit ? 1 : digits_},
          digit_step{order == DigitOrder::by_digit ? degree_ : 1} {}

    [[nodiscard]] T& at(std::size_t coefficient, std::size_t digit) const {
        return data[coefficient * coefficient_step + digit * digit_step];
    }
    /// `count` digits from `first` on.
    [[nodiscard]] BasicDigits slice(std::size_t first, std::size_t count) const {
        BasicDigits out = *this;
        out.data += first * digit_step;
        out.digits = count;
        return out;
    }
    operator BasicDigits<const T>() const requires(!std::is_const_v<T>) {
        BasicDigits<const T> out;
        out.data = data;
        out.degree = degree;
        out.digits = digits;
        out.coefficient_step = coefficient_step;
        out.digit_step = digit_step;
        return out;
    }
};
using Digits = BasicDigits<i64>;
using ConstDigits = BasicDigits<const i64>;

/// Writes `in`, whose digits may be anything up to 2^62 in magnitude, in balanced digits (-2^27 .. 2^27 - 1). When `out` has
/// fewer digits than `in` the rest must be nothing but carries. False when a coefficient does not fit; `out` is meaningless
/// then. `out` may be `in`. Constant-time.
[[nodiscard]] bool balance(Digits out, ConstDigits in);

/// The same in place, with what exceeds the highest digit left in it.
void carry_into_highest(Digits digits);

/// Sets every digit to 0.
void clear(Digits digits);

}  // namespace chat::falcon1024
