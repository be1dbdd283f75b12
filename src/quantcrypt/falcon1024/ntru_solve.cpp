#include "quantcrypt/falcon1024/ntru_solve.hpp"

#include <algorithm>

#include "quantcrypt/falcon1024/keygen_verdict.hpp"
#include "quantcrypt/falcon1024/ntru_tower.hpp"
#include "quantcrypt/falcon1024/ntt31.hpp"
#include "quantcrypt/falcon1024/rounding.hpp"

namespace chat::falcon1024 {
namespace {

constexpr double exact_integer_limit = 1125899906842624.0;  // 2^50, what residue31() takes
constexpr i64 shallow_limit = i64{1} << 29U;                ///< well below half of the prime of ntt31.hpp
constexpr int basis_limit = 127;

struct Value {
    double re;
    double im;

    friend Value operator*(Value a, Value b) {
        return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
    }
    [[nodiscard]] double squared_magnitude() const { return re * re + im * im; }
    [[nodiscard]] Value conjugate() const { return {re, -im}; }
    [[nodiscard]] Value scaled(double factor) const { return {re * factor, im * factor}; }
    [[nodiscard]] Value divided_by(Value b) const {
        return (*this * b.conjugate()).scaled(1.0 / b.squared_magnitude());
    }
};
Value value(RealView f, std::size_t k) { return {f[k], f[f.size() / 2 + k]}; }
void set_value(MutableRealView f, std::size_t k, Value x) {
    f[k] = x.re;
    f[f.size() / 2 + k] = x.im;
}
/// Where the point -w is, for the point w at k.
std::size_t opposite(std::size_t k, std::size_t degree) { return k ^ (degree / 4); }

/// out = the values of the field norm of f: at w^2, f(w) f(-w).
void norm_values(MutableRealView out, RealView f) {
    for (std::size_t k = 0; k < f.size() / 4; ++k) {
        set_value(out, k, value(f, k) * value(f, opposite(k, f.size())));
    }
}

/// Rounds to integers; false when one is not below `limit` in magnitude, or not a number.
bool round_all(std::span<i64> out, RealView reals, double limit) {
    u64 fits = ~u64{0};
    for (std::size_t c = 0; c < out.size(); ++c) {
        const u64 small = mask_below(reals[c], limit);
        fits &= small;
        out[c] = static_cast<i64>(nearest(masked(reals[c], small)));
    }
    return public_verdict(fits != 0);
}

/// The integer coefficients that belong to `values`, and back, so that later uses start from exact numbers.
bool settle(std::span<i64> integers, MutableRealView values, double limit, const KeygenKernels& kernels) {
    kernels.inverse_fft(values);
    if (!round_all(integers, values, limit)) return false;
    for (std::size_t c = 0; c < integers.size(); ++c) values[c] = static_cast<double>(integers[c]);
    kernels.fft(values);
    return true;
}

/// f, or g, at one of the depths 0, 1 and 2: exact coefficients and values.
struct Exact {
    std::span<i64> integers;
    MutableRealView values;

    Exact(KeygenWorkspace& workspace, std::size_t degree)
        : integers{workspace.take<i64>(degree)}, values{workspace.take<double>(degree)} {}
    [[nodiscard]] std::size_t degree() const { return integers.size(); }
};

/// The residues of f(x), f(-x) or f(x^2), transformed.
enum class Argument : u8 { x, minus_x, x_squared };
Residues transformed(KeygenWorkspace& workspace, const KeygenKernels& kernels, std::span<const i64> f,
                     Argument argument) {
    const std::size_t step = argument == Argument::x_squared ? 2 : 1;
    const Residues out = workspace.take<u32>(f.size() * step);
    std::fill(out.begin(), out.end(), 0);
    for (std::size_t c = 0; c < f.size(); ++c) {
        const bool negate = argument == Argument::minus_x && c % 2 == 1;
        out[c * step] = residue31(negate ? -f[c] : f[c]);
    }
    kernels.ntt31(out);
    return out;
}

/// big_f = F(x^2) g(-x) - k f, exactly, given that it is within +-2^29; what is not is seen as too large or ends up as some wrong number,
/// which the last check of the equation finds.
bool subtract_multiple(std::span<i64> big_f, std::span<const i64> deeper, std::span<const i64> f,
                       std::span<const i64> g, std::span<const i64> k, const KeygenKernels& kernels,
                       KeygenWorkspace& workspace) {
    const KeygenWorkspace::Scope scope{workspace};
    const Residues result = transformed(workspace, kernels, deeper, Argument::x_squared);
    const Residues mirrored_g = transformed(workspace, kernels, g, Argument::minus_x);
    const Residues residues_f = transformed(workspace, kernels, f, Argument::x);
    const Residues residues_k = transformed(workspace, kernels, k, Argument::x);
    for (std::size_t i = 0; i < result.size(); ++i) {
        result[i] =
            subtract31(multiply31(result[i], mirrored_g[i]), multiply31(residues_k[i], residues_f[i]));
    }
    kernels.inverse_ntt31(result);
    i64 excess = 0;
    for (std::size_t c = 0; c < big_f.size(); ++c) {
        big_f[c] = centred31(result[c]);
        excess |= (big_f[c] + shallow_limit) >> 30U;
    }
    return public_verdict(excess == 0);
}

/// big_f = F(x^2) g(-x) reduced by f, at depth 1: one double holds the whole quotient.
Result<void, KeygenRejection> lift_to_depth_1(std::span<i64> big_f, std::span<const i64> deeper,
                                              const Exact& f, const Exact& g, const KeygenKernels& kernels,
                                              KeygenWorkspace& workspace) {
    const KeygenWorkspace::Scope scope{workspace};
    const std::size_t degree = f.degree();
    const auto deeper_values = workspace.take<double>(degree / 2);
    const auto quotient = workspace.take<double>(degree);
    const auto k = workspace.take<i64>(degree);
    std::copy(deeper.begin(), deeper.end(), deeper_values.begin());
    kernels.fft(deeper_values);
    for (std::size_t i = 0; i < degree / 2; ++i) {
        const Value product = value(deeper_values, i % (degree / 4)) * value(g.values, opposite(i, degree));
        set_value(quotient, i, product.divided_by(value(f.values, i)));
    }
    kernels.inverse_fft(quotient);
    if (!round_all(k, quotient, exact_integer_limit)) return fail(KeygenRejection::quotient_overflow);
    if (!subtract_multiple(big_f, deeper, f.integers, g.integers, k, kernels, workspace)) {
        return fail(KeygenRejection::coefficient_overflow);
    }
    return {};
}

/// The same at depth 0, but reduced by f and g together, which is what makes the result the one of the specification. With G = (q + g F)/f
/// put into the quotient (F f* + G g*) / (f f* + g g*) it becomes (F + q g* / (f f* + g g*)) / f.
Result<void, KeygenRejection> lift_to_depth_0(std::span<i64> big_f, std::span<const i64> deeper,
                                              const Exact& f, const Exact& g, const KeygenKernels& kernels,
                                              KeygenWorkspace& workspace) {
    const KeygenWorkspace::Scope scope{workspace};
    const auto deeper_values = workspace.take<double>(n / 2);
    const auto quotient = workspace.take<double>(n);
    const auto k = workspace.take<i64>(n);
    std::copy(deeper.begin(), deeper.end(), deeper_values.begin());
    kernels.fft(deeper_values);
    for (std::size_t i = 0; i < n / 2; ++i) {
        const Value f_value = value(f.values, i);
        const Value g_value = value(g.values, i);
        const Value product = value(deeper_values, i % (n / 4)) * value(g.values, opposite(i, n));
        const double norm = f_value.squared_magnitude() + g_value.squared_magnitude();
        const Value correction = g_value.conjugate().scaled(double{q} / norm);
        set_value(quotient, i,
                  Value{product.re + correction.re, product.im + correction.im}.divided_by(f_value));
    }
    kernels.inverse_fft(quotient);
    if (!round_all(k, quotient, exact_integer_limit)) return fail(KeygenRejection::quotient_overflow);
    if (!subtract_multiple(big_f, deeper, f.integers, g.integers, k, kernels, workspace)) {
        return fail(KeygenRejection::coefficient_overflow);
    }
    return {};
}

/// Whether all are within +-127; then they are copied out.
bool to_basis(PrivateBasis::MutablePolynomial out, std::span<const i64> in) {
    i64 excess = 0;
    for (std::size_t c = 0; c < n; ++c) {
        excess |= (in[c] + basis_limit) | (basis_limit - in[c]);
        out[c] = static_cast<i8>(in[c]);
    }
    return public_verdict(excess >= 0);
}

/// big_g = (q + g F) / f, an integer polynomial.
bool complete_basis(std::span<i64> big_g, std::span<const i64> big_f, const Exact& f, const Exact& g,
                    const KeygenKernels& kernels, KeygenWorkspace& workspace) {
    const KeygenWorkspace::Scope scope{workspace};
    const auto values = workspace.take<double>(n);
    std::copy(big_f.begin(), big_f.end(), values.begin());
    kernels.fft(values);
    for (std::size_t i = 0; i < n / 2; ++i) {
        const Value product = value(values, i) * value(g.values, i);
        set_value(values, i, Value{product.re + double{q}, product.im}.divided_by(value(f.values, i)));
    }
    kernels.inverse_fft(values);
    return round_all(big_g, values, exact_integer_limit);
}

void assign(Exact& out, PrivateBasis::Polynomial coefficients, RealView values) {
    std::copy(coefficients.begin(), coefficients.end(), out.integers.begin());
    std::copy(values.begin(), values.end(), out.values.begin());
}

class ShallowLevels {
  public:
    explicit ShallowLevels(KeygenWorkspace& workspace)
        : f_{Exact{workspace, n}, Exact{workspace, n / 2}, Exact{workspace, n / 4}},
          g_{Exact{workspace, n}, Exact{workspace, n / 2}, Exact{workspace, n / 4}} {}

    /// Depths 1 and 2 from depth 0. The norms are computed in doubles and rounded: they are below 2^26, where errors are below 2^-16.
    bool descend(const PrivateBasis& basis, RealView f_values, RealView g_values,
                 const KeygenKernels& kernels) {
        assign(f_[0], basis.f(), f_values);
        assign(g_[0], basis.g(), g_values);
        constexpr auto limit = static_cast<double>(tower_limit);
        for (std::size_t depth = 1; depth < 3; ++depth) {
            norm_values(f_[depth].values, f_[depth - 1].values);
            norm_values(g_[depth].values, g_[depth - 1].values);
            if (!settle(f_[depth].integers, f_[depth].values, limit, kernels)) return false;
            if (!settle(g_[depth].integers, g_[depth].values, limit, kernels)) return false;
        }
        return true;
    }
    [[nodiscard]] const Exact& f(std::size_t depth) const { return f_[depth]; }
    [[nodiscard]] const Exact& g(std::size_t depth) const { return g_[depth]; }

  private:
    std::array<Exact, 3> f_;
    std::array<Exact, 3> g_;
};

}  // namespace

Result<void, KeygenRejection> solve_ntru(PrivateBasis& basis, RealView f_values, RealView g_values,
                                         const KeygenKernels& kernels, KeygenWorkspace& workspace) {
    const KeygenWorkspace::Scope scope{workspace};
    ShallowLevels levels{workspace};
    if (!levels.descend(basis, f_values, g_values, kernels))
        return fail(KeygenRejection::coefficient_overflow);

    const auto depth_2 = workspace.take<i64>(tower_degree).first<tower_degree>();
    auto solved = solve_tower(depth_2, levels.f(2).integers.first<tower_degree>(),
                              levels.g(2).integers.first<tower_degree>(), kernels, workspace);
    if (!solved) return solved;
    const auto depth_1 = workspace.take<i64>(n / 2);
    solved = lift_to_depth_1(depth_1, depth_2, levels.f(1), levels.g(1), kernels, workspace);
    if (!solved) return solved;
    const auto big_f = workspace.take<i64>(n);
    solved = lift_to_depth_0(big_f, depth_1, levels.f(0), levels.g(0), kernels, workspace);
    if (!solved) return solved;
    if (!to_basis(basis.capital_f(), big_f)) return fail(KeygenRejection::basis_too_large);

    const auto big_g = workspace.take<i64>(n);
    if (!complete_basis(big_g, big_f, levels.f(0), levels.g(0), kernels, workspace) ||
        !to_basis(basis.capital_g(), big_g)) {
        return fail(KeygenRejection::basis_too_large);
    }
    if (!satisfies_ntru_equation(basis, kernels, workspace)) return fail(KeygenRejection::equation_violated);
    return {};
}

bool satisfies_ntru_equation(const PrivateBasis& basis, const KeygenKernels& kernels,
                             KeygenWorkspace& workspace) {
    const KeygenWorkspace::Scope scope{workspace};
    const auto residues = [&](PrivateBasis::Polynomial polynomial) {
        const Residues out = workspace.take<u32>(n);
        for (std::size_t c = 0; c < n; ++c) out[c] = residue31(polynomial[c]);
        kernels.ntt31(out);
        return out;
    };
    const Residues f = residues(basis.f());
    const Residues g = residues(basis.g());
    const Residues big_f = residues(basis.capital_f());
    const Residues big_g = residues(basis.capital_g());
    // No coefficient of f G - g F - q reaches the prime: 2 n 31 127 + q < 2^24. So 0 modulo the prime is 0.
    u32 difference = 0;
    for (std::size_t i = 0; i < n; ++i) {
        difference |= subtract31(multiply31(f[i], big_g[i]), multiply31(g[i], big_f[i])) ^ q;
    }
    return public_verdict(difference == 0);
}

}  // namespace chat::falcon1024
