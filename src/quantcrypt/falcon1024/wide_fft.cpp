#include "quantcrypt/falcon1024/wide_fft.hpp"

#include <array>
#include <cassert>
#include <utility>

namespace chat::falcon1024 {
namespace {

struct Complex {
    DoubleDouble re;
    DoubleDouble im;

    friend constexpr Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
    friend constexpr Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
    friend constexpr Complex operator*(Complex a, Complex b) {
        return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
    }
    [[nodiscard]] constexpr Complex conjugate() const { return {re, -im}; }
    [[nodiscard]] constexpr Complex halved() const { return {re.scaled(0.5), im.scaled(0.5)}; }
};

/// By Newton's iteration on 1/sqrt(x), for x in [1/4, 1].
DoubleDouble square_root(DoubleDouble x) {
    DoubleDouble inverse = 1.0;
    for (int i = 0; i < 9; ++i) {
        inverse = inverse * (DoubleDouble{1.5} - (x * inverse * inverse).scaled(0.5));
    }
    return x * inverse;
}

/// exp(i pi / 64), from exp(i pi / 2) by halving the angle.
Complex first_root() {
    DoubleDouble cosine = 0.0;
    DoubleDouble sine = 1.0;
    for (int i = 0; i < 5; ++i) {
        const DoubleDouble half_cosine = square_root((cosine + 1.0).scaled(0.5));
        sine = sine.scaled(0.5) * half_cosine.reciprocal();
        cosine = half_cosine;
    }
    return {cosine, sine};
}

/// Entry M/4 + k: w_M[k] = exp(i pi (1 + 4k) / M), k < M/4.
auto make_roots() {
    std::array<Complex, 128> powers{};  // of exp(i pi / 64), up to one turn
    const Complex step = first_root();
    powers[0] = {1.0, 0.0};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * step;
    std::array<Complex, max_wide_fft_size / 2> out{};
    for (std::size_t m = 4; m <= max_wide_fft_size; m *= 2) {
        for (std::size_t k = 0; k < m / 4; ++k) out[m / 4 + k] = powers[(1 + 4 * k) * max_wide_fft_size / m];
    }
    return out;
}
/// Not constexpr: a compiler under sanitizers takes minutes over it.
const auto& roots() {
    static const auto table = make_roots();
    return table;
}

/// Swaps the coefficients of each half into bit-reversed order.
void reverse_bits(std::span<DoubleDouble> f) {
    const std::size_t half = f.size() / 2;
    std::size_t reversed = 0;
    for (std::size_t j = 0; j < half; ++j) {
        if (j < reversed) {
            std::swap(f[j], f[reversed]);
            std::swap(f[half + j], f[half + reversed]);
        }
        std::size_t bit = half / 2;
        for (; bit != 0 && (reversed & bit) != 0; bit /= 2) reversed ^= bit;
        reversed |= bit;
    }
}

Complex value(std::span<const DoubleDouble> f, std::size_t k) { return {f[k], f[f.size() / 2 + k]}; }
void set_value(std::span<DoubleDouble> f, std::size_t k, Complex x) {
    f[k] = x.re;
    f[f.size() / 2 + k] = x.im;
}

}  // namespace

void fft(std::span<DoubleDouble> f) {
    assert(f.size() <= max_wide_fft_size);
    const auto& root = roots();
    reverse_bits(f);
    for (std::size_t m = 4; m <= f.size(); m *= 2) {
        for (std::size_t start = 0; start < f.size() / 2; start += m / 2) {
            for (std::size_t k = 0; k < m / 4; ++k) {
                const Complex even = value(f, start + k);
                const Complex odd = value(f, start + k + m / 4) * root[m / 4 + k];
                set_value(f, start + k, even + odd);
                set_value(f, start + k + m / 4, even - odd);
            }
        }
    }
}

void inverse_fft(std::span<DoubleDouble> f) {
    assert(f.size() <= max_wide_fft_size);
    const auto& root = roots();
    for (std::size_t m = f.size(); m >= 4; m /= 2) {
        for (std::size_t start = 0; start < f.size() / 2; start += m / 2) {
            for (std::size_t k = 0; k < m / 4; ++k) {
                const Complex a = value(f, start + k);
                const Complex b = value(f, start + k + m / 4);
                set_value(f, start + k, (a + b).halved());
                set_value(f, start + k + m / 4, (a - b).halved() * root[m / 4 + k].conjugate());
            }
        }
    }
    reverse_bits(f);
}

}  // namespace chat::falcon1024
