#pragma once
/// Products in Z[x]/(x^m + 1) of polynomials in digits: the schoolbook method. The transforms of the classic way (residues modulo many
/// primes) lose to it here, since degree times digits is the same few hundred at every level of the tower, and because nothing has
/// to be converted.

#include "quantcrypt/falcon1024/digits.hpp"
#include "quantcrypt/falcon1024/keygen_kernels.hpp"
#include "quantcrypt/falcon1024/keygen_workspace.hpp"

namespace chat::falcon1024 {

/// A factor y laid out so that y(x) x^-t is contiguous for every t: all coefficients twice, first negated, with zero digits around
/// where the digits are contiguous.
class RotatableFactor {
  public:
    /// Zero digits on both sides, as many as the widest block of a kernel.
    static constexpr std::size_t padding = 16;

    /// Every `step`-th coefficient of `y` from `first` on, with alternating or all-equal signs.
    enum class Signs : u8 { as_is, negated, alternating };
    RotatableFactor(KeygenWorkspace& workspace, DigitOrder order, std::size_t degree, std::size_t digits);
    void fill(ConstDigits y, std::size_t first, std::size_t step, Signs signs);

    [[nodiscard]] DigitOrder order() const { return order_; }
    [[nodiscard]] std::size_t degree() const { return degree_; }
    [[nodiscard]] std::size_t digits() const { return digits_; }
    /// Digit 0 of coefficient `index` - degree(), 0 <= index < 2 degree().
    [[nodiscard]] const i64* row(std::size_t index) const {
        return rows_.data() + (order_ == DigitOrder::by_digit ? index : index * coefficient_step() + padding);
    }
    [[nodiscard]] std::size_t coefficient_step() const {
        return order_ == DigitOrder::by_digit ? 1 : digits_ + 2 * padding;
    }
    [[nodiscard]] std::size_t digit_step() const { return order_ == DigitOrder::by_digit ? 2 * degree_ : 1; }

  private:
    std::span<i64> rows_;
    DigitOrder order_;
    std::size_t degree_;
    std::size_t digits_;
};

/// The other factor: x(z^power) z^delay, with coefficients `step` apart in memory of `digits`.
struct SpreadFactor {
    ConstDigits digits;
    std::size_t first = 0;
    std::size_t step = 1;
    std::size_t count = 0;
    std::size_t power = 1;
    std::size_t delay = 0;
};

/// out += x y, without carrying. `out` has the degree of y and its order; digits of the product beyond those of `out` are dropped, so
/// they must be zero or carry-free by the caller's reckoning. The number of digits of `out`, or its degree, is a multiple of 4.
void add_product(const KeygenKernels& kernels, Digits out, const SpreadFactor& x, const RotatableFactor& y);

}  // namespace chat::falcon1024
