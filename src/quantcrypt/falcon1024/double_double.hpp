#pragma once
/// Reals of about 106 bits as the unevaluated sum of two doubles (Dekker 1971, Knuth 4.2.2), for the levels of NTRUSolve where
/// polynomials are so badly conditioned that one double is not enough. Needs strict IEEE-754 evaluation in round-to-nearest: no
/// contraction, no re-association. All operations are constant-time as far as those on doubles are.

#include <cstdint>

#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024 {

class DoubleDouble {
  public:
    constexpr DoubleDouble() = default;
    constexpr DoubleDouble(double value) : high_{value} {}  // NOLINT: every double is one
    /// Exact for |value| < 2^62.
    static constexpr DoubleDouble from_integer(i64 value) {
        const auto high = static_cast<double>(value);
        return {high, static_cast<double>(value - static_cast<i64>(high))};
    }

    [[nodiscard]] constexpr double high() const { return high_; }
    [[nodiscard]] constexpr double low() const { return low_; }

    friend constexpr DoubleDouble operator+(DoubleDouble a, DoubleDouble b) {
        const DoubleDouble sum = two_sum(a.high_, b.high_);
        return quick_two_sum(sum.high_, sum.low_ + (a.low_ + b.low_));
    }
    friend constexpr DoubleDouble operator-(DoubleDouble a) { return {-a.high_, -a.low_}; }
    friend constexpr DoubleDouble operator-(DoubleDouble a, DoubleDouble b) { return a + -b; }
    friend constexpr DoubleDouble operator*(DoubleDouble a, DoubleDouble b) {
        const DoubleDouble product = two_product(a.high_, b.high_);
        return quick_two_sum(product.high_, product.low_ + (a.high_ * b.low_ + a.low_ * b.high_));
    }
    /// Relative error about 2^-104.
    [[nodiscard]] constexpr DoubleDouble reciprocal() const {
        const DoubleDouble first = 1.0 / high_;
        return first + first * (DoubleDouble{1.0} - first * *this);
    }
    /// Exact when `factor` is a power of two.
    [[nodiscard]] constexpr DoubleDouble scaled(double factor) const {
        return {high_ * factor, low_ * factor};
    }

  private:
    constexpr DoubleDouble(double high, double low) : high_{high}, low_{low} {}

    static constexpr DoubleDouble two_sum(double a, double b) {
        const double sum = a + b;
        const double part_of_b = sum - a;
        return {sum, (a - (sum - part_of_b)) + (b - part_of_b)};
    }
    /// For |a| >= |b|.
    static constexpr DoubleDouble quick_two_sum(double a, double b) {
        const double sum = a + b;
        return {sum, b - (sum - a)};
    }
    /// The high 26 bits of a.
    static constexpr double upper_half(double a) {
        const double turned = 134217729.0 * a;  // 2^27 + 1
        return turned - (turned - a);
    }
    static constexpr DoubleDouble two_product(double a, double b) {
        const double product = a * b;
        const double a_high = upper_half(a);
        const double a_low = a - a_high;
        const double b_high = upper_half(b);
        const double b_low = b - b_high;
        return {product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
    }

    double high_ = 0.0;
    double low_ = 0.0;
};

}  // namespace chat::falcon1024
