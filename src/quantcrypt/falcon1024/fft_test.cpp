#include "quantcrypt/falcon1024/fft.hpp"

#include <gtest/gtest.h>

#include <complex>
#include <numbers>
#include <random>
#include <vector>

namespace chat::falcon1024 {
namespace {

std::vector<double> random_polynomial(std::size_t size, unsigned seed) {
    std::mt19937 generator{seed};
    std::uniform_real_distribution<double> coefficient{-100.0, 100.0};
    std::vector<double> out(size);
    for (double& c : out) c = coefficient(generator);
    return out;
}

std::complex<double> evaluate(const std::vector<double>& f, std::complex<double> x) {
    std::complex<double> sum = 0;
    for (std::size_t i = f.size(); i-- > 0;) sum = sum * x + f[i];
    return sum;
}

std::vector<double> schoolbook(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> out(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t k = (i + j) % a.size();
            out[k] += i + j < a.size() ? a[i] * b[j] : -a[i] * b[j];
        }
    }
    return out;
}

void expect_close(const std::vector<double>& a, const std::vector<double>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-7) << "at " << i;
}

class FftOfEverySize : public testing::TestWithParam<std::size_t> {};

TEST_P(FftOfEverySize, EvaluatesAtTheDocumentedPoints) {
    const std::size_t size = GetParam();
    const auto f = random_polynomial(size, 1);
    auto values = f;
    fft(values);
    for (std::size_t k = 0; k < size / 2; ++k) {
        const double angle = std::numbers::pi * static_cast<double>(1 + 4 * k) / static_cast<double>(size);
        const auto expected = evaluate(f, std::polar(1.0, angle));
        EXPECT_NEAR(values[k], expected.real(), 1e-7);
        EXPECT_NEAR(values[k + size / 2], expected.imag(), 1e-7);
    }
}

TEST_P(FftOfEverySize, InverseGivesTheCoefficientsBack) {
    const auto f = random_polynomial(GetParam(), 2);
    auto copy = f;
    fft(copy);
    inverse_fft(copy);
    expect_close(copy, f);
}

TEST_P(FftOfEverySize, ProductOfValuesIsTheNegacyclicProduct) {
    const auto a = random_polynomial(GetParam(), 3);
    const auto b = random_polynomial(GetParam(), 4);
    auto product = a;
    auto other = b;
    fft(product);
    fft(other);
    multiply(product, other);
    auto quotient = product;
    inverse_fft(product);
    expect_close(product, schoolbook(a, b));

    divide(quotient, other);
    inverse_fft(quotient);
    expect_close(quotient, a);
}

TEST_P(FftOfEverySize, AdjointReversesAndNegates) {
    const std::size_t size = GetParam();
    const auto f = random_polynomial(size, 5);
    auto values = f;
    fft(values);
    adjoint(values);
    inverse_fft(values);
    EXPECT_NEAR(values[0], f[0], 1e-7);
    for (std::size_t i = 1; i < size; ++i) EXPECT_NEAR(values[i], -f[size - i], 1e-7);
}

TEST_P(FftOfEverySize, AdjointProductsAndNormsAgree) {
    const std::size_t size = GetParam();
    auto a = random_polynomial(size, 6);
    auto b = random_polynomial(size, 7);
    fft(a);
    fft(b);
    std::vector<double> inverse(size / 2);
    inverse_norm(inverse, a, b);
    auto norm = a;
    multiply_adjoint(norm, a);
    auto other = b;
    multiply_adjoint(other, b);
    add(norm, other);
    multiply_self_adjoint(norm, inverse);
    for (std::size_t k = 0; k < size / 2; ++k) {
        EXPECT_NEAR(norm[k], 1.0, 1e-9);
        EXPECT_NEAR(norm[k + size / 2], 0.0, 1e-9);
    }
}

TEST_P(FftOfEverySize, SplitTakesEvenAndOddAndMergeJoinsThem) {
    const std::size_t size = GetParam();
    if (size == 2) return;
    const auto f = random_polynomial(size, 8);
    auto values = f;
    fft(values);
    std::vector<double> even(size / 2);
    std::vector<double> odd(size / 2);
    split(even, odd, values);
    std::vector<double> joined(size);
    merge(joined, even, odd);
    expect_close(joined, values);
    inverse_fft(even);
    inverse_fft(odd);
    for (std::size_t i = 0; i < size / 2; ++i) {
        EXPECT_NEAR(even[i], f[2 * i], 1e-7);
        EXPECT_NEAR(odd[i], f[2 * i + 1], 1e-7);
    }
}

TEST_P(FftOfEverySize, LinearOperations) {
    const auto a = random_polynomial(GetParam(), 9);
    const auto b = random_polynomial(GetParam(), 10);
    auto sum = a;
    add(sum, b);
    scale(sum, 2.0);
    subtract(sum, b);
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(sum[i], 2.0 * a[i] + b[i], 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Sizes, FftOfEverySize, testing::Values(2, 4, 8, 16, 32, 64, 128, 256, 512, 1024));

}  // namespace
}  // namespace chat::falcon1024
