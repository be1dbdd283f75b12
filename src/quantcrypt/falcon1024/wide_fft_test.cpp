#include "quantcrypt/falcon1024/wide_fft.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "quantcrypt/falcon1024/fft.hpp"

namespace chat::falcon1024 {
namespace {

/// The difference relative to the size of `b`, as a double.
double relative_error(DoubleDouble a, DoubleDouble b) { return std::fabs((a - b).high() / b.high()); }

i64 random_integer(std::mt19937_64& random, unsigned bits) {
    return static_cast<i64>(random()) >> (64U - bits);
}

TEST(DoubleDouble, KeepsIntegersOfSixtyTwoBits) {
    std::mt19937_64 random{1};
    for (int i = 0; i < 1000; ++i) {
        const i64 value = random_integer(random, 62);
        const auto wide = DoubleDouble::from_integer(value);
        EXPECT_EQ(static_cast<i64>(wide.high()) + static_cast<i64>(wide.low()), value);
    }
}

TEST(DoubleDouble, HoldsSumsAndProductsThatADoubleCannot) {
    std::mt19937_64 random{2};
    for (int i = 0; i < 1000; ++i) {
        const i64 a = random_integer(random, 52);
        const i64 b = random_integer(random, 52);
        const auto product = DoubleDouble::from_integer(a) * DoubleDouble::from_integer(b);
        // (a + 1) b - a b = b, though a b has 104 bits.
        const auto next = DoubleDouble::from_integer(a + 1) * DoubleDouble::from_integer(b);
        EXPECT_EQ((next - product).high(), static_cast<double>(b));
        const auto sum = DoubleDouble::from_integer(a).scaled(0x1p50) + DoubleDouble::from_integer(b);
        EXPECT_EQ((sum - DoubleDouble::from_integer(a).scaled(0x1p50)).high(), static_cast<double>(b));
    }
}

TEST(DoubleDouble, DividesToAHundredBits) {
    std::mt19937_64 random{3};
    for (int i = 0; i < 1000; ++i) {
        const auto a = DoubleDouble::from_integer(random_integer(random, 62) | 1);
        EXPECT_LT(relative_error(a * a.reciprocal(), 1.0), 0x1p-102);
    }
}

std::vector<DoubleDouble> random_polynomial(std::size_t size, std::mt19937_64& random, unsigned bits) {
    std::vector<DoubleDouble> out(size);
    for (auto& value : out) value = DoubleDouble::from_integer(random_integer(random, bits));
    return out;
}

TEST(WideFft, HasTheValuesOfTheFftInDoubles) {
    std::mt19937_64 random{4};
    for (std::size_t size = 2; size <= max_wide_fft_size; size *= 2) {
        auto wide = random_polynomial(size, random, 40);
        std::vector<double> narrow(size);
        for (std::size_t i = 0; i < size; ++i) narrow[i] = wide[i].high();
        fft(std::span<DoubleDouble>{wide});
        fft(std::span<double>{narrow});
        for (std::size_t i = 0; i < size; ++i) EXPECT_NEAR(wide[i].high(), narrow[i], 0x1p-2) << size;
    }
}

TEST(WideFft, UndoesItselfToAHundredBits) {
    std::mt19937_64 random{5};
    for (std::size_t size = 2; size <= max_wide_fft_size; size *= 2) {
        const auto original = random_polynomial(size, random, 62);
        auto copy = original;
        fft(std::span<DoubleDouble>{copy});
        inverse_fft(std::span<DoubleDouble>{copy});
        for (std::size_t i = 0; i < size; ++i) {
            EXPECT_LT(std::fabs((copy[i] - original[i]).high()), 0x1p-36) << size;
        }
    }
}

/// Products of 45-bit coefficients have 96 bits: exact only if the roots are right to as many.
TEST(WideFft, MultipliesExactlyBeyondDoubles) {
    std::mt19937_64 random{6};
    for (std::size_t size = 2; size <= max_wide_fft_size; size *= 2) {
        auto a = random_polynomial(size, random, 45);
        auto b = random_polynomial(size, random, 45);
        std::vector<DoubleDouble> expected(size);
        for (std::size_t i = 0; i < size; ++i) {
            for (std::size_t j = 0; j < size; ++j) {
                DoubleDouble& place = expected[(i + j) % size];
                place = i + j < size ? place + a[i] * b[j] : place - a[i] * b[j];
            }
        }
        fft(std::span<DoubleDouble>{a});
        fft(std::span<DoubleDouble>{b});
        for (std::size_t k = 0; k < size / 2; ++k) {
            const auto re = a[k] * b[k] - a[size / 2 + k] * b[size / 2 + k];
            a[size / 2 + k] = a[k] * b[size / 2 + k] + a[size / 2 + k] * b[k];
            a[k] = re;
        }
        inverse_fft(std::span<DoubleDouble>{a});
        for (std::size_t i = 0; i < size; ++i) {
            EXPECT_LT(std::fabs((a[i] - expected[i]).high()), 0.25) << size;
        }
    }
}

}  // namespace
}  // namespace chat::falcon1024
