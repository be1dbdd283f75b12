#include "quantcrypt/falcon1024/reduction.hpp"

#include <algorithm>
#include <cassert>

#include "quantcrypt/falcon1024/fft.hpp"
#include "quantcrypt/falcon1024/keygen_verdict.hpp"
#include "quantcrypt/falcon1024/rounding.hpp"
#include "quantcrypt/falcon1024/wide_fft.hpp"

namespace chat::falcon1024 {
namespace {

constexpr double base = static_cast<double>(digit_base);
/// So many of the highest digits make a real: the precision of two doubles, and what f may fall short of its room.
constexpr std::size_t window_digits = 12;
/// Largest digit of k, so that degree times a digit of k times one of f stays below 2^62.
constexpr double quotient_limit = base;

/// high 2^56 + low.
double shifted_plus(double high, i64 low) { return high * (base * base) + static_cast<double>(low); }
DoubleDouble shifted_plus(DoubleDouble high, i64 low) {
    return high.scaled(base * base) + DoubleDouble::from_integer(low);
}

double reciprocal(double a) { return 1.0 / a; }
DoubleDouble reciprocal(DoubleDouble a) { return a.reciprocal(); }

double rounded(double a) { return nearest(a); }
double rounded(DoubleDouble a) {
    const double high = nearest(a.high());
    return high + nearest((a.high() - high) + a.low());
}
double leading_part(double a) { return a; }
double leading_part(DoubleDouble a) { return a.high(); }

/// The digits of each coefficient as one real, in units of the lowest digit. Two digits together are an integer of less than 62 bits:
/// the highest, which may hold carries, stays far below 2^33.
template <class Real>
void to_reals(std::span<Real> out, ConstDigits in) {
    const bool odd = in.digits % 2 != 0;
    for (std::size_t c = 0; c < out.size(); ++c) {
        Real value = odd ? static_cast<double>(in.at(c, in.digits - 1)) : 0.0;
        for (std::size_t j = in.digits / 2; j-- > 0;) {
            value = shifted_plus(value, in.at(c, 2 * j + 1) * digit_base + in.at(c, 2 * j));
        }
        out[c] = value;
    }
}

/// values = 1 / values, at all points.
template <class Real>
void invert(std::span<Real> values) {
    const std::size_t half = values.size() / 2;
    for (std::size_t k = 0; k < half; ++k) {
        const Real re = values[k];
        const Real im = values[half + k];
        const Real inverse_norm = reciprocal(re * re + im * im);
        values[k] = re * inverse_norm;
        values[half + k] = -im * inverse_norm;
    }
}

/// values *= factor, at all points.
template <class Real>
void multiply_all(std::span<Real> values, std::span<const Real> factor) {
    const std::size_t half = values.size() / 2;
    for (std::size_t k = 0; k < half; ++k) {
        const Real re = values[k];
        const Real im = values[half + k];
        values[k] = re * factor[k] - im * factor[half + k];
        values[half + k] = re * factor[half + k] + im * factor[k];
    }
}

/// False when a value is not below the limit, or not a number.
template <class Real>
bool to_quotient(std::span<i64> out, std::span<const Real> values) {
    u64 fits = ~u64{0};
    for (std::size_t c = 0; c < out.size(); ++c) {
        const u64 small = mask_below(leading_part(values[c]), quotient_limit);
        fits &= small;
        out[c] = static_cast<i64>(masked(rounded(values[c]), small));
    }
    return public_verdict(fits != 0);
}

/// out -= k f for one digit of k, in whichever order the digits are.
class Subtractor {
  public:
    Subtractor(const KeygenKernels& kernels, KeygenWorkspace& workspace, DigitOrder order, ConstDigits f)
        : kernels_{kernels},
          f_{f},
          rotatable_{workspace, order, f.degree, order == DigitOrder::by_digit ? 1 : f.digits} {
        if (order == DigitOrder::by_coefficient) rotatable_.fill(f, 0, 1, RotatableFactor::Signs::negated);
    }
    void subtract(Digits out, std::span<const i64> k) {
        const ConstDigits quotient{k, k.size(), 1, DigitOrder::by_digit};
        const bool by_digit = rotatable_.order() == DigitOrder::by_digit;
        if (by_digit) rotatable_.fill(quotient, 0, 1, RotatableFactor::Signs::negated);
        SpreadFactor other{};
        other.digits = by_digit ? f_ : quotient;
        other.count = k.size();
        add_product(kernels_, out, other, rotatable_);
    }

  private:
    const KeygenKernels& kernels_;
    ConstDigits f_;
    RotatableFactor rotatable_;
};

template <class Real>
bool reduce_with(const KeygenKernels& kernels, KeygenWorkspace& workspace, DigitOrder order, Digits a,
                 ConstDigits f) {
    const KeygenWorkspace::Scope scope{workspace};
    const std::size_t digits = f.digits;
    const std::size_t lowest = digits + 2 > window_digits ? digits + 2 - window_digits : 0;
    const auto inverse_f = workspace.take<Real>(f.degree);
    const auto values = workspace.take<Real>(f.degree);
    const auto k = workspace.take<i64>(f.degree);
    Subtractor subtractor{kernels, workspace, order, f};
    to_reals(inverse_f, f.slice(lowest, digits - lowest));
    fft(inverse_f);
    invert(inverse_f);

    for (std::size_t shift = 2 * digits + 1; shift-- > 0;) {
        to_reals(values, a.slice(shift + lowest, digits + 2 - lowest));
        fft(values);
        multiply_all<Real>(values, inverse_f);
        inverse_fft(values);
        if (!to_quotient<Real>(k, values)) return false;
        subtractor.subtract(a.slice(shift, digits), k);
        carry_into_highest(a.slice(shift, digits + 2));
    }
    return true;
}

}  // namespace

bool reduce(const KeygenKernels& kernels, KeygenWorkspace& workspace, DigitOrder order, Precision precision,
            Digits a, ConstDigits f) {
    assert(a.degree == f.degree && a.digits >= reduction_digits(f.digits));
    return precision == Precision::one_double ? reduce_with<double>(kernels, workspace, order, a, f)
                                              : reduce_with<DoubleDouble>(kernels, workspace, order, a, f);
}

}  // namespace chat::falcon1024
