#include "quantcrypt/falcon1024/ntru_tower.hpp"

#include <algorithm>
#include <array>

#include "quantcrypt/falcon1024/digit_products.hpp"
#include "quantcrypt/falcon1024/reduction.hpp"
#include "quantcrypt/falcon1024/resultants.hpp"

namespace chat::falcon1024 {
namespace {

/// How polynomials at one depth are kept. The room is for the typical size of a coefficient and at least six deviations, as measured
/// (docs/falcon.md has the table); F, reduced by f, is a few bits longer.
struct Level {
    std::size_t degree;
    std::size_t digits;        ///< of f and g
    std::size_t big_f_digits;  ///< of F
    DigitOrder order;
    Precision precision;
};
constexpr unsigned tower_bottom = logn;
constexpr std::array<Level, tower_bottom - tower_top + 1> levels{{
    {256, 1, 2, DigitOrder::by_digit, Precision::one_double},
    {128, 2, 3, DigitOrder::by_digit, Precision::one_double},
    {64, 4, 5, DigitOrder::by_digit, Precision::double_double},
    {32, 8, 9, DigitOrder::by_digit, Precision::double_double},
    {16, 16, 17, DigitOrder::by_digit, Precision::double_double},
    {8, 32, 32, DigitOrder::by_coefficient, Precision::double_double},
    {4, 60, 60, DigitOrder::by_coefficient, Precision::double_double},
    {2, 116, 116, DigitOrder::by_coefficient, Precision::double_double},
    {1, resultant_digits, resultant_digits, DigitOrder::by_coefficient, Precision::double_double},
}};

Digits make_polynomial(KeygenWorkspace& workspace, const Level& level, std::size_t digits) {
    const Digits out{workspace.take<i64>(level.degree * digits), level.degree, digits, level.order};
    clear(out);
    return out;
}

/// out(x^2) = f(x) f(-x), so with f = e(x^2) + x o(x^2): out = e^2 - x o^2.
bool field_norm(Digits out, ConstDigits f, DigitOrder order, const KeygenKernels& kernels,
                KeygenWorkspace& workspace) {
    const KeygenWorkspace::Scope scope{workspace};
    const std::size_t half = f.degree / 2;
    const Digits squares{workspace.take<i64>(half * 2 * f.digits), half, 2 * f.digits, order};
    clear(squares);
    RotatableFactor part{workspace, order, half, f.digits};
    SpreadFactor same{f, 0, 2, half, 1, 0};
    part.fill(f, 0, 2, RotatableFactor::Signs::as_is);
    add_product(kernels, squares, same, part);
    same.first = 1;
    same.delay = 1;
    part.fill(f, 1, 2, RotatableFactor::Signs::negated);
    add_product(kernels, squares, same, part);
    return balance(out, squares);
}

struct Pair {
    Digits f;
    Digits g;
};

/// big_f = F(x^2) g(-x), reduced by f, with F = `deeper` from one level further down.
Result<void, KeygenRejection> lift(Digits big_f, ConstDigits deeper, const Pair& pair, const Level& level,
                                   const KeygenKernels& kernels, KeygenWorkspace& workspace) {
    const KeygenWorkspace::Scope scope{workspace};
    const std::size_t wanted = std::max(deeper.digits + level.digits, reduction_digits(level.digits));
    const Digits product = make_polynomial(workspace, level, (wanted + 3) / 4 * 4);
    {
        const KeygenWorkspace::Scope factor_scope{workspace};
        RotatableFactor mirrored{workspace, level.order, level.degree, level.digits};
        mirrored.fill(pair.g, 0, 1, RotatableFactor::Signs::alternating);
        add_product(kernels, product, SpreadFactor{deeper, 0, 1, deeper.degree, 2, 0}, mirrored);
    }
    if (!balance(product, product)) return fail(KeygenRejection::coefficient_overflow);
    if (!reduce(kernels, workspace, level.order, level.precision, product, pair.f)) {
        return fail(KeygenRejection::quotient_overflow);
    }
    if (!balance(big_f, product)) return fail(KeygenRejection::coefficient_overflow);
    return {};
}

class Tower {
  public:
    Tower(const KeygenKernels& kernels, KeygenWorkspace& workspace)
        : kernels_{kernels}, workspace_{workspace} {
        for (std::size_t i = 0; i < levels.size(); ++i) {
            pairs_[i].f = make_polynomial(workspace, levels[i], levels[i].digits);
            pairs_[i].g = make_polynomial(workspace, levels[i], levels[i].digits);
        }
        // F of one level and of the next deeper one, by turns.
        for (std::size_t i = 0; i < levels.size(); ++i) {
            big_f_[i] = make_polynomial(workspace, levels[i], levels[i].big_f_digits);
        }
    }
    [[nodiscard]] const Pair& top() const { return pairs_[0]; }
    [[nodiscard]] ConstDigits solution() const { return big_f_[0]; }

    Result<void, KeygenRejection> solve() {
        for (std::size_t i = 0; i + 1 < levels.size(); ++i) {
            const DigitOrder order = levels[i].order;
            if (!field_norm(pairs_[i + 1].f, pairs_[i].f, order, kernels_, workspace_) ||
                !field_norm(pairs_[i + 1].g, pairs_[i].g, order, kernels_, workspace_)) {
                return fail(KeygenRejection::coefficient_overflow);
            }
        }
        const std::size_t last = levels.size() - 1;
        auto solved = solve_resultants(big_f_[last], pairs_[last].f, pairs_[last].g, workspace_);
        for (std::size_t i = last; solved && i-- > 0;) {
            solved = lift(big_f_[i], big_f_[i + 1], pairs_[i], levels[i], kernels_, workspace_);
        }
        return solved;
    }

  private:
    const KeygenKernels& kernels_;
    KeygenWorkspace& workspace_;
    std::array<Pair, levels.size()> pairs_{};
    std::array<Digits, levels.size()> big_f_{};
};

}  // namespace

Result<void, KeygenRejection> solve_tower(std::span<i64, tower_degree> big_f,
                                          std::span<const i64, tower_degree> f,
                                          std::span<const i64, tower_degree> g, const KeygenKernels& kernels,
                                          KeygenWorkspace& workspace) {
    const KeygenWorkspace::Scope scope{workspace};
    Tower tower{kernels, workspace};
    for (std::size_t c = 0; c < tower_degree; ++c) {
        tower.top().f.at(c, 0) = f[c];
        tower.top().g.at(c, 0) = g[c];
    }
    auto solved = tower.solve();
    if (!solved) return solved;
    const ConstDigits solution = tower.solution();
    for (std::size_t c = 0; c < tower_degree; ++c) {
        big_f[c] = solution.at(c, 0) + solution.at(c, 1) * digit_base;
    }
    return {};
}

}  // namespace chat::falcon1024
