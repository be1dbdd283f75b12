#include "quantcrypt/falcon1024/digits.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

#include "quantcrypt/falcon1024/digit_products.hpp"
#include "quantcrypt/falcon1024/limb_accumulator.hpp"

namespace chat::falcon1024 {
namespace {

constexpr i64 half_base = digit_base / 2;

struct Owned {
    std::vector<i64> memory;
    Digits view;

    Owned(std::size_t degree, std::size_t digits, DigitOrder order)
        : memory(degree * digits), view{memory, degree, digits, order} {}
};

void randomise(Digits digits, std::mt19937_64& random) {
    for (std::size_t c = 0; c < digits.degree; ++c) {
        for (std::size_t j = 0; j < digits.digits; ++j) {
            digits.at(c, j) = static_cast<i64>(random() % (u64{1} << digit_bits)) - half_base;
        }
    }
}

TEST(Digits, LieSideBySideInTheOrderAskedFor) {
    Owned by_digit{4, 3, DigitOrder::by_digit};
    Owned by_coefficient{4, 3, DigitOrder::by_coefficient};
    by_digit.view.at(1, 2) = 7;
    by_coefficient.view.at(1, 2) = 7;
    EXPECT_EQ(by_digit.memory[2 * 4 + 1], 7);
    EXPECT_EQ(by_coefficient.memory[1 * 3 + 2], 7);
    EXPECT_EQ(by_digit.view.slice(1, 2).at(1, 1), 7);
}

TEST(Digits, BalanceKeepsTheValueAndTheRange) {
    Owned in{1, 2, DigitOrder::by_coefficient};
    Owned out{1, 4, DigitOrder::by_coefficient};
    for (const i64 value : {i64{0}, i64{1}, i64{-1}, half_base, -half_base, half_base - 1, digit_base * 5 - 3,
                            (i64{1} << 61U) + 12345, -(i64{1} << 61U) - 12345}) {
        in.view.at(0, 0) = value;
        in.view.at(0, 1) = 3;
        ASSERT_TRUE(balance(out.view, in.view));
        // Modulo 2^64, where four digits do not fit.
        u64 back = 0;
        for (std::size_t j = 4; j-- > 0;) {
            EXPECT_GE(out.view.at(0, j), -half_base);
            EXPECT_LT(out.view.at(0, j), half_base);
            back = back * static_cast<u64>(digit_base) + static_cast<u64>(out.view.at(0, j));
        }
        EXPECT_EQ(back, static_cast<u64>(value) + 3 * static_cast<u64>(digit_base));
    }
}

TEST(Digits, BalanceSeesWhatDoesNotFit) {
    Owned one{2, 1, DigitOrder::by_digit};
    Owned two{2, 2, DigitOrder::by_digit};
    two.view.at(1, 0) = half_base - 1;
    EXPECT_TRUE(balance(one.view, two.view));
    two.view.at(1, 0) = half_base;
    EXPECT_FALSE(balance(one.view, two.view)) << "it carries into a second digit";
    two.view.at(1, 0) = -half_base - 1;
    EXPECT_FALSE(balance(one.view, two.view));
    two.view.at(1, 0) = 0;
    two.view.at(1, 1) = 1;
    EXPECT_FALSE(balance(one.view, two.view));
    two.view.at(1, 1) = -1;
    two.view.at(1, 0) = digit_base;
    EXPECT_TRUE(balance(one.view, two.view)) << "the digits cancel";
    EXPECT_EQ(one.view.at(1, 0), 0);
}

TEST(Digits, CarriesIntoTheHighestDigitWithoutCuttingIt) {
    Owned digits{1, 3, DigitOrder::by_coefficient};
    digits.view.at(0, 0) = digit_base + half_base;
    digits.view.at(0, 1) = digit_base * 5;
    digits.view.at(0, 2) = half_base;
    carry_into_highest(digits.view);
    EXPECT_EQ(digits.memory, (std::vector<i64>{-half_base, 2, half_base + 5}));
}

/// out += x(z^power) z^delay y by single digits, modulo 2^64.
void add_product_slowly(Digits out, const SpreadFactor& x, ConstDigits y) {
    for (std::size_t t = 0; t < x.count; ++t) {
        for (std::size_t c = 0; c < y.degree; ++c) {
            const std::size_t place = x.power * t + x.delay + c;
            const i64 sign = place / y.degree % 2 == 0 ? 1 : -1;
            for (std::size_t i = 0; i < x.digits.digits; ++i) {
                for (std::size_t j = 0; j < y.digits && i + j < out.digits; ++j) {
                    out.at(place % y.degree, i + j) +=
                        sign * x.digits.at(x.first + t * x.step, i) * y.at(c, j);
                }
            }
        }
    }
}

struct ProductCase {
    std::size_t degree;
    std::size_t x_digits;
    std::size_t y_digits;
    DigitOrder order;
};
constexpr ProductCase product_cases[] = {
    {256, 3, 1, DigitOrder::by_digit},       {16, 9, 4, DigitOrder::by_digit},
    {8, 2, 2, DigitOrder::by_digit},         {1, 8, 8, DigitOrder::by_coefficient},
    {2, 40, 20, DigitOrder::by_coefficient}, {4, 5, 28, DigitOrder::by_coefficient},
    {8, 1, 12, DigitOrder::by_coefficient},
};

void check_products(const ProductCase& example, const KeygenKernels& kernels, std::mt19937_64& random) {
    const std::size_t out_digits = (example.x_digits + example.y_digits + 3) / 4 * 4;
    KeygenWorkspace workspace{200'000};
    Owned x{example.degree, example.x_digits, example.order};
    Owned y{example.degree, example.y_digits, example.order};
    randomise(x.view, random);
    randomise(y.view, random);
    RotatableFactor rotatable{workspace, example.order, example.degree, example.y_digits};
    rotatable.fill(y.view, 0, 1, RotatableFactor::Signs::as_is);
    const std::size_t half = (example.degree + 1) / 2;
    for (const SpreadFactor& factor :
         {SpreadFactor{x.view, 0, 1, example.degree, 1, 0}, SpreadFactor{x.view, 0, 1, half, 2, 0},
          SpreadFactor{x.view, example.degree > 1 ? 1U : 0U, 2, example.degree / 2, 1, 1}}) {
        Owned out{example.degree, out_digits, example.order};
        randomise(out.view, random);
        Owned expected = out;
        expected.view = Digits{expected.memory, example.degree, out_digits, example.order};
        add_product(kernels, out.view, factor, rotatable);
        add_product_slowly(expected.view, factor, y.view);
        EXPECT_EQ(out.memory, expected.memory) << example.degree << ' ' << factor.power;
    }
}

TEST(DigitProducts, AreThoseOfTheSchoolbookOnEveryImplementation) {
    std::mt19937_64 random{1};
    for (const Implementation implementation : {Implementation::portable, Implementation::avx2}) {
        if (!is_available(implementation)) continue;
        for (const ProductCase& example : product_cases) {
            check_products(example, keygen_kernels(implementation), random);
        }
    }
}

TEST(DigitProducts, TakeSignsAndSelectionsOfTheRotatableFactor) {
    KeygenWorkspace workspace{100'000};
    Owned one{8, 1, DigitOrder::by_digit};
    one.view.at(0, 0) = 1;
    Owned y{16, 1, DigitOrder::by_digit};
    for (std::size_t c = 0; c < 16; ++c) y.view.at(c, 0) = static_cast<i64>(c);
    const auto product = [&](std::size_t first, RotatableFactor::Signs signs) {
        RotatableFactor rotatable{workspace, DigitOrder::by_digit, 8, 1};
        rotatable.fill(y.view, first, 2, signs);
        Owned out{8, 1, DigitOrder::by_digit};
        add_product(portable_keygen_kernels(), out.view, SpreadFactor{one.view, 0, 1, 8, 1, 0}, rotatable);
        return out.memory;
    };
    EXPECT_EQ(product(0, RotatableFactor::Signs::as_is), (std::vector<i64>{0, 2, 4, 6, 8, 10, 12, 14}));
    EXPECT_EQ(product(1, RotatableFactor::Signs::negated),
              (std::vector<i64>{-1, -3, -5, -7, -9, -11, -13, -15}));
    EXPECT_EQ(product(1, RotatableFactor::Signs::alternating),
              (std::vector<i64>{1, -3, 5, -7, 9, -11, 13, -15}));
}

TEST(LimbAccumulator, IsTheSameWithAndWithoutAWideType) {
    std::mt19937_64 random{2};
    const auto factor = [&] { return static_cast<i64>(random()) >> 1U; };
    for (int round = 0; round < 1000; ++round) {
        LimbAccumulator wide;
        PortableLimbAccumulator portable;
        for (int i = 0; i < 4; ++i) {
            const i64 a = round == 0 ? -(i64{1} << 62U) : factor();
            const i64 b = round == 0 ? i64{1} << 61U : factor() / 2;
            wide.add_product(a, b);
            portable.add_product(a, b);
            wide.add(a);
            portable.add(a);
        }
        ASSERT_EQ(wide.take_limb(), portable.take_limb());
        ASSERT_EQ(wide.rest(), portable.rest());
        ASSERT_EQ(wide.take_limb(), portable.take_limb());
        ASSERT_EQ(wide.rest(), portable.rest());
    }
}

}  // namespace
}  // namespace chat::falcon1024
