#include "quantcrypt/falcon1024/gaussian.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>

namespace chat::falcon1024 {
namespace {

constexpr u64 top_bit = u64{1} << 63U;

class Gaussian : public testing::TestWithParam<Implementation> {
  protected:
    void SetUp() override {
        if (!is_available(GetParam())) GTEST_SKIP() << "this processor has no AVX2";
    }
    /// The coefficient for the two words.
    static int coefficient(u64 first, u64 second) {
        const std::array<u64, 8> draws{0, 0, 0, 0, first, second, 0, 0};
        std::array<i8, 4> out{};
        keygen_kernels(GetParam()).gaussian(out, draws);
        return out[2];
    }
};
INSTANTIATE_TEST_SUITE_P(Implementations, Gaussian,
                         testing::Values(Implementation::portable, Implementation::avx2),
                         [](const auto& instance) {
                             return instance.param == Implementation::avx2 ? "avx2" : "portable";
                         });

TEST_P(Gaussian, ReadsEveryEntryOfTheTableAtItsEdge) {
    const u64 nonzero = gaussian_table[0];
    EXPECT_EQ(coefficient(nonzero - 1, 0), 0);
    EXPECT_EQ(coefficient(top_bit | (nonzero - 1), 0), 0);
    for (std::size_t k = 1; k < gaussian_table.size(); ++k) {
        const int magnitude = static_cast<int>(k);
        EXPECT_EQ(coefficient(nonzero, gaussian_table[k]), magnitude);
        EXPECT_EQ(coefficient(nonzero, gaussian_table[k] - 1), magnitude + 1);
        EXPECT_EQ(coefficient(top_bit | nonzero, gaussian_table[k]), -magnitude);
        EXPECT_EQ(coefficient(nonzero, top_bit | gaussian_table[k]), magnitude) << "bit 63 is not looked at";
    }
    EXPECT_EQ(coefficient(nonzero, 0), 26);
    EXPECT_EQ(coefficient(top_bit - 1, top_bit - 1), 1);
}

/// Chi-square over -12 .. 12 (what lies beyond is joined to the ends) against exp(-x^2 / 2 sigma^2), from a fixed seed.
TEST_P(Gaussian, HasTheShapeOfADiscreteGaussian) {
    constexpr int limit = 12;
    constexpr std::size_t polynomials = 600;
    std::array<double, 2 * limit + 1> observed{};
    KeygenWorkspace workspace{30'000};
    Shake256 source;
    source.absorb(bytes_of("gaussian test"));
    std::array<i8, n> polynomial{};
    for (std::size_t i = 0; i < polynomials; ++i) {
        ASSERT_TRUE(sample_polynomial(polynomial, source, keygen_kernels(GetParam()), workspace));
        EXPECT_EQ(std::accumulate(polynomial.begin(), polynomial.end(), 0) & 1, 1);
        // The last coefficient depends on the others.
        for (std::size_t c = 0; c + 1 < n; ++c) {
            observed[static_cast<std::size_t>(std::clamp<int>(polynomial[c], -limit, limit) + limit)] += 1;
        }
    }
    const double sigma_fg = 1.17 * std::sqrt(double{q} / double{2 * n});
    std::array<double, 2 * limit + 1> expected{};
    double total = 0;
    for (int x = -40; x <= 40; ++x) {
        const double weight = std::exp(-x * x / (2 * sigma_fg * sigma_fg));
        expected[static_cast<std::size_t>(std::clamp(x, -limit, limit) + limit)] += weight;
        total += weight;
    }
    double chi_square = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double mean = expected[i] / total * double{polynomials} * double{n - 1};
        chi_square += (observed[i] - mean) * (observed[i] - mean) / mean;
    }
    // 24 degrees of freedom: 51.2 is exceeded with probability 0.001.
    EXPECT_LT(chi_square, 51.2);
}

TEST_P(Gaussian, DrawsTwoWordsForEachCoefficientAndRedrawsOnlyTheLast) {
    KeygenWorkspace workspace{30'000};
    for (unsigned seed = 0; seed < 4; ++seed) {
        Shake256 source;
        Shake256 same;
        source.absorb(bytes_of("draws " + std::to_string(seed)));
        same.absorb(bytes_of("draws " + std::to_string(seed)));
        std::array<i8, n> polynomial{};
        ASSERT_TRUE(sample_polynomial(polynomial, source, keygen_kernels(GetParam()), workspace));
        std::array<u64, 2 * n> words{};
        same.squeeze({reinterpret_cast<u8*>(words.data()), sizeof(words)});
        for (std::size_t c = 0; c + 1 < n; ++c) {
            ASSERT_EQ(int{polynomial[c]}, coefficient(words[2 * c], words[2 * c + 1]));
        }
        u64 first = words[2 * n - 2];
        u64 second = words[2 * n - 1];
        const int rest = std::accumulate(polynomial.begin(), polynomial.end() - 1, 0);
        while (((rest + coefficient(first, second)) & 1) == 0) {
            same.squeeze({reinterpret_cast<u8*>(&first), sizeof(first)});
            same.squeeze({reinterpret_cast<u8*>(&second), sizeof(second)});
        }
        EXPECT_EQ(int{polynomial[n - 1]}, coefficient(first, second));
        std::array<u8, 8> a{};
        std::array<u8, 8> b{};
        source.squeeze(a);
        same.squeeze(b);
        EXPECT_EQ(a, b) << "the same number of bytes was drawn";
    }
}

TEST(GaussianSource, IsGivenUpWhenTheSumNeverBecomesOdd) {
    KeygenKernels stuck = portable_keygen_kernels();
    stuck.gaussian = [](std::span<i8> out, std::span<const u64>) {
        std::fill(out.begin(), out.end(), i8{2});
    };
    KeygenWorkspace workspace{30'000};
    Shake256 source;
    source.absorb(bytes_of("stuck"));
    std::array<i8, n> polynomial{};
    EXPECT_FALSE(sample_polynomial(polynomial, source, stuck, workspace));
}

TEST(GaussianImplementations, AgreeOnRandomWords) {
    if (!is_available(Implementation::avx2)) GTEST_SKIP() << "this processor has no AVX2";
    Shake256 source;
    source.absorb(bytes_of("agreement"));
    std::array<u64, 4096> draws{};
    source.squeeze({reinterpret_cast<u8*>(draws.data()), sizeof(draws)});
    std::array<i8, 2048> portable{};
    std::array<i8, 2048> avx2{};
    keygen_kernels(Implementation::portable).gaussian(portable, draws);
    keygen_kernels(Implementation::avx2).gaussian(avx2, draws);
    EXPECT_EQ(portable, avx2);
}

}  // namespace
}  // namespace chat::falcon1024
