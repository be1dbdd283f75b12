#include "quantcrypt/falcon1024/sampler.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "quantcrypt/falcon1024/signing_kernels.hpp"

namespace chat::falcon1024 {
namespace {

using Seed56 = std::array<u8, stream_seed_size>;

Seed56 stream_seed(u8 number) {
    Seed56 out{};
    out[0] = number;
    out[55] = static_cast<u8>(number * 7);
    return out;
}

/// The exact discrete Gaussian's weight at z, not normalised.
double weight(i64 z, double mu, double deviation) {
    const double distance = static_cast<double>(z) - mu;
    return std::exp(-distance * distance / (2.0 * deviation * deviation));
}

struct ChiSquare {
    double statistic = 0.0;
    int degrees_of_freedom = -1;

    void add(double observed, double expected) {
        statistic += (observed - expected) * (observed - expected) / expected;
        ++degrees_of_freedom;
    }
    /// The statistic as a standard normal deviate (Wilson and Hilferty).
    [[nodiscard]] double deviate() const {
        const double scale = 2.0 / (9.0 * degrees_of_freedom);
        return (std::cbrt(statistic / degrees_of_freedom) - (1.0 - scale)) / std::sqrt(scale);
    }
};

/// Cells with fewer than ten expected are joined into one for both tails.
ChiSquare compare(const std::vector<i64>& samples, double mu, double deviation) {
    std::map<i64, double> observed;
    for (i64 z : samples) observed[z] += 1.0;
    const i64 centre = static_cast<i64>(std::floor(mu));
    double total = 0.0;
    for (i64 z = centre - 40; z <= centre + 40; ++z) total += weight(z, mu, deviation);

    ChiSquare out;
    const double count = static_cast<double>(samples.size());
    double tail_observed = count;
    double tail_expected = count;
    for (i64 z = centre - 40; z <= centre + 40; ++z) {
        const double expected = count * weight(z, mu, deviation) / total;
        if (expected < 10.0) continue;
        out.add(observed[z], expected);
        tail_observed -= observed[z];
        tail_expected -= expected;
    }
    out.add(tail_observed, tail_expected);
    return out;
}

class SamplerZ : public testing::TestWithParam<Implementation> {
  protected:
    void SetUp() override {
        if (!is_available(GetParam())) GTEST_SKIP() << "this processor has no AVX2";
    }
    [[nodiscard]] static std::vector<i64> samples(std::size_t count, double mu, double deviation, u8 seed) {
        std::vector<i64> out(count);
        signing_kernels(GetParam()).sample_integers(out, mu, 1.0 / deviation, stream_seed(seed));
        return out;
    }
};

INSTANTIATE_TEST_SUITE_P(Implementations, SamplerZ,
                         testing::Values(Implementation::portable, Implementation::avx2),
                         [](const auto& instance) {
                             return instance.param == Implementation::avx2 ? "avx2" : "portable";
                         });

TEST_P(SamplerZ, IsTheDiscreteGaussian) {
    u8 seed = 1;
    for (double deviation : {sigma_min, 1.4, 1.6, 1.7, 1.82}) {
        for (double mu : {0.0, 0.5, 0.25, 0.999, -0.3, -17.5, 1234.75, -98765.125}) {
            const ChiSquare chi = compare(samples(200'000, mu, deviation, seed), mu, deviation);
            EXPECT_LT(std::fabs(chi.deviate()), 4.0)
                << "seed " << int{seed} << " mu " << mu << " sigma " << deviation << ": chi-square "
                << chi.statistic << " with " << chi.degrees_of_freedom << " degrees of freedom";
            ++seed;
        }
    }
}

TEST_P(SamplerZ, TheTestSeesASlightlyWrongDeviationOrCentre) {
    const auto right = samples(200'000, 0.3, 1.5, 99);
    EXPECT_GT(compare(right, 0.3, 1.52).deviate(), 4.0);
    EXPECT_GT(compare(right, 0.32, 1.5).deviate(), 4.0);
}

TEST_P(SamplerZ, GivesTheIntegersOfThePortableCode) {
    for (u8 seed = 0; seed < 50; ++seed) {
        std::vector<i64> portable(20'000);
        const double deviation = 1.3 + 0.01 * seed;
        signing_kernels(Implementation::portable)
            .sample_integers(portable, 0.02 * seed, 1.0 / deviation, stream_seed(seed));
        EXPECT_EQ(samples(portable.size(), 0.02 * seed, deviation, seed), portable) << "seed " << int{seed};
    }
}

TEST(SamplerParts, FloorRoundsDown) {
    for (double x : {0.0, 0.5, 0.999, 1.0, 1.5, -0.5, -1.0, -1.5, -1e-300, 123456.789, -123456.789}) {
        EXPECT_EQ(floor_to_integer(x), static_cast<i64>(std::floor(x))) << x;
    }
}

TEST(SamplerParts, ScaledExpIsExpToFiftyBits) {
    for (double x = 0.0; x < 0.69314; x += 0.00037) {
        for (double scale : {1.0 - 0x1p-53, 0.7132, 0.0001}) {
            const double expected = std::exp(-x) * scale * 0x1p63;
            EXPECT_NEAR(static_cast<double>(scaled_exp(x, scale)) / expected, 1.0,
                        0x1p-45 / scale * 0.0001 + 0x1p-48);
        }
    }
}

TEST(SamplerParts, HighHalfOfProducts) {
    EXPECT_EQ(multiply_high(0, ~u64{0}), 0U);
    EXPECT_EQ(multiply_high(~u64{0}, ~u64{0}), ~u64{0} - 1);
    EXPECT_EQ(multiply_high(u64{1} << 32U, u64{1} << 32U), 1U);
    EXPECT_EQ(multiply_high(0xFEDCBA9876543210U, 0x0123456789ABCDEFU), 0x0121FA00AD77D742U);
}

TEST(SamplerParts, BaseTableFallsAndHasTheSpecificationsEnds) {
    const auto entry = [](std::size_t i) {
        return std::array{base_table.limb[2][i], base_table.limb[1][i], base_table.limb[0][i]};
    };
    for (std::size_t i = 1; i < 18; ++i) EXPECT_LT(entry(i), entry(i - 1));
    EXPECT_EQ(entry(17), (std::array<u32, 3>{0, 0, 1}));
    for (std::size_t i = 18; i < base_table_size; ++i) EXPECT_EQ(entry(i), (std::array<u32, 3>{0, 0, 0}));
}

}  // namespace
}  // namespace chat::falcon1024
