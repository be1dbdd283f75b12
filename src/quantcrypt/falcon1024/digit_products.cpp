#include "quantcrypt/falcon1024/digit_products.hpp"

#include <algorithm>
#include <cassert>

namespace chat::falcon1024 {
namespace {

std::ptrdiff_t signed_step(std::size_t step) { return static_cast<std::ptrdiff_t>(step); }

/// The digits of x that meet those of y in digits [first, first + width) of the product.
struct DigitRange {
    std::size_t begin;
    std::size_t end;
};
DigitRange meeting(std::size_t first, std::size_t width, std::size_t x_digits, std::size_t y_digits) {
    const std::size_t begin = first + 1 > y_digits ? first + 1 - y_digits : 0;
    const std::size_t end = std::min(x_digits, first + width);
    return {std::min(begin, end), end};
}

constexpr std::size_t widest = RotatableFactor::padding;

/// One digit of the product from all coefficients.
void add_digit(const KeygenKernels& kernels, Digits out, std::size_t digit, const SpreadFactor& x,
               const RotatableFactor& y) {
    const DigitRange range = meeting(digit, 1, x.digits.digits, y.digits());
    ProductSum sum{};
    sum.x = &x.digits.at(x.first, range.begin);
    sum.x_outer = signed_step(x.digits.digit_step);
    sum.x_inner = signed_step(x.step * x.digits.coefficient_step);
    sum.y_outer = -signed_step(y.digit_step());
    sum.y_inner = -signed_step(x.power);
    sum.outer = range.end - range.begin;
    sum.inner = x.count;
    if (sum.outer == 0) return;
    for (std::size_t c = 0; c < out.degree; c += widest) {
        sum.y = y.row(c + y.degree() - x.delay) + (digit - range.begin) * y.digit_step();
        kernels.add_products(&out.at(c, digit), std::min(widest, out.degree - c), sum);
    }
}

/// One coefficient of the product, all its digits.
void add_coefficient(const KeygenKernels& kernels, Digits out, std::size_t coefficient, const SpreadFactor& x,
                     const RotatableFactor& y) {
    ProductSum sum{};
    sum.x_outer = signed_step(x.step * x.digits.coefficient_step);
    sum.x_inner = signed_step(x.digits.digit_step);
    sum.y_outer = -signed_step(x.power * y.coefficient_step());
    sum.y_inner = -1;
    sum.outer = x.count;
    const i64* const row = y.row(coefficient + y.degree() - x.delay);
    for (std::size_t j = 0; j < out.digits; j += widest) {
        const std::size_t width = std::min(widest, out.digits - j);
        const DigitRange range = meeting(j, width, x.digits.digits, y.digits());
        sum.x = &x.digits.at(x.first, range.begin);
        sum.y = row + signed_step(j) - signed_step(range.begin);
        sum.inner = range.end - range.begin;
        if (sum.inner != 0) kernels.add_products(&out.at(coefficient, j), width, sum);
    }
}

}  // namespace

RotatableFactor::RotatableFactor(KeygenWorkspace& workspace, DigitOrder order, std::size_t degree,
                                 std::size_t digits)
    : order_{order}, degree_{degree}, digits_{digits} {
    const std::size_t row = order == DigitOrder::by_digit ? digits : digits + 2 * padding;
    rows_ = workspace.take<i64>(2 * degree * row);
    std::fill(rows_.begin(), rows_.end(), 0);
}

void RotatableFactor::fill(ConstDigits y, std::size_t first, std::size_t step, Signs signs) {
    assert(y.digits == digits_);
    for (std::size_t c = 0; c < degree_; ++c) {
        const bool negate = signs == Signs::negated || (signs == Signs::alternating && c % 2 == 1);
        const i64 sign = negate ? -1 : 1;
        i64* const low = rows_.data() + (row(c) - rows_.data());
        i64* const high = rows_.data() + (row(c + degree_) - rows_.data());
        for (std::size_t j = 0; j < digits_; ++j) {
            const i64 digit = sign * y.at(first + step * c, j);
            low[j * digit_step()] = -digit;
            high[j * digit_step()] = digit;
        }
    }
}

void add_product(const KeygenKernels& kernels, Digits out, const SpreadFactor& x, const RotatableFactor& y) {
    assert(out.degree == y.degree());
    if (y.order() == DigitOrder::by_digit) {
        const std::size_t reached = std::min(out.digits, x.digits.digits + y.digits() - 1);
        for (std::size_t j = 0; j < reached; ++j) add_digit(kernels, out, j, x, y);
    } else {
        for (std::size_t c = 0; c < out.degree; ++c) add_coefficient(kernels, out, c, x, y);
    }
}

}  // namespace chat::falcon1024
