#include "quantcrypt/falcon1024/reduction.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace chat::falcon1024 {
namespace {

struct ReductionCase {
    std::size_t degree;
    std::size_t digits;
    DigitOrder order;
    Precision precision;
};

class Reduction : public testing::TestWithParam<ReductionCase> {
  protected:
    Reduction() {
        clear(a_);
        clear(f_);
    }
    /// Random digits up to the one below `end`.
    void randomise(Digits digits, std::size_t end) {
        for (std::size_t c = 0; c < digits.degree; ++c) {
            for (std::size_t j = 0; j < end; ++j) {
                digits.at(c, j) = static_cast<i64>(random_() % (u64{1} << digit_bits)) - digit_base / 2;
            }
        }
    }
    /// a += f k for a random k of `digits` digits.
    void add_random_multiple(std::size_t digits) {
        std::vector<i64> memory(degree() * digits);
        const Digits k{memory, degree(), digits, order()};
        randomise(k, digits);
        KeygenWorkspace workspace{400'000};
        RotatableFactor factor{workspace, order(), degree(), f_.digits};
        factor.fill(f_, 0, 1, RotatableFactor::Signs::as_is);
        add_product(portable_keygen_kernels(), a_, SpreadFactor{k, 0, 1, degree(), 1, 0}, factor);
        ASSERT_TRUE(balance(a_, a_));
    }
    [[nodiscard]] bool run(Implementation implementation) {
        KeygenWorkspace workspace{400'000};
        return reduce(keygen_kernels(implementation), workspace, order(), GetParam().precision, a_, f_);
    }
    [[nodiscard]] static std::size_t degree() { return GetParam().degree; }
    [[nodiscard]] static DigitOrder order() { return GetParam().order; }

    std::mt19937_64 random_{1};
    std::size_t a_digits_ = (reduction_digits(GetParam().digits) + 3) / 4 * 4;
    std::vector<i64> a_memory_ = std::vector<i64>(degree() * a_digits_);
    std::vector<i64> f_memory_ = std::vector<i64>(degree() * GetParam().digits);
    Digits a_{a_memory_, degree(), a_digits_, order()};
    Digits f_{f_memory_, degree(), GetParam().digits, order()};
};
INSTANTIATE_TEST_SUITE_P(
    Levels, Reduction,
    testing::Values(ReductionCase{256, 1, DigitOrder::by_digit, Precision::one_double},
                    ReductionCase{128, 2, DigitOrder::by_digit, Precision::one_double},
                    ReductionCase{64, 4, DigitOrder::by_digit, Precision::double_double},
                    ReductionCase{16, 16, DigitOrder::by_digit, Precision::double_double},
                    ReductionCase{8, 32, DigitOrder::by_coefficient, Precision::double_double},
                    ReductionCase{2, 116, DigitOrder::by_coefficient, Precision::double_double}),
    [](const auto& instance) { return "degree" + std::to_string(instance.param.degree); });

TEST_P(Reduction, LeavesNothingOfAMultipleOnEveryImplementation) {
    for (const Implementation implementation : {Implementation::portable, Implementation::avx2}) {
        if (!is_available(implementation)) continue;
        clear(a_);
        randomise(f_, GetParam().digits);
        for (std::size_t c = 0; c < degree(); ++c) f_.at(c, GetParam().digits - 1) /= 64;
        add_random_multiple(2 * GetParam().digits - 1);
        ASSERT_TRUE(run(implementation));
        EXPECT_EQ(a_memory_, std::vector<i64>(a_memory_.size(), 0));
    }
}

TEST_P(Reduction, LeavesARemainderThatIsSmallAgainstF) {
    // f is a large constant plus small noise: then |r / f| <= 1/2 means |r| is at most about half that constant.
    const std::size_t digits = GetParam().digits;
    randomise(f_, digits);
    for (std::size_t c = 0; c < degree(); ++c) f_.at(c, digits - 1) = 0;
    f_.at(0, digits - 1) = i64{1} << 24U;
    if (digits == 1) {
        for (std::size_t c = 1; c < degree(); ++c) f_.at(c, 0) = static_cast<i64>(random_() % 1000) - 500;
    }
    randomise(a_, 2 * digits);
    ASSERT_TRUE(balance(a_, a_));
    ASSERT_TRUE(run(best_implementation()));
    for (std::size_t c = 0; c < degree(); ++c) {
        for (std::size_t j = digits; j < a_digits_; ++j) ASSERT_EQ(a_.at(c, j), 0);
        EXPECT_LE(std::abs(a_.at(c, digits - 1)), (i64{1} << 23U) + (i64{1} << 17U));
    }
}

TEST_P(Reduction, RefusesADivisorOfZeroAndAQuotientWithoutRoom) {
    a_.at(0, 0) = 1;
    EXPECT_FALSE(run(best_implementation())) << "f is zero";
    clear(a_);
    f_.at(0, 0) = 1;
    a_.at(0, 3 * GetParam().digits) = digit_base / 4;
    EXPECT_FALSE(run(best_implementation())) << "a / f has more digits than are allowed for";
}

}  // namespace
}  // namespace chat::falcon1024
