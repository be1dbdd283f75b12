#include "quantcrypt/falcon1024/resultants.hpp"

#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <memory>
#include <random>
#include <vector>

namespace chat::falcon1024 {
namespace {

struct FreeNumber {
    void operator()(BIGNUM* number) const noexcept { BN_free(number); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;
struct FreeContext {
    void operator()(BN_CTX* context) const noexcept { BN_CTX_free(context); }
};

struct Integer {
    std::vector<i64> memory = std::vector<i64>(resultant_digits);
    Digits view{memory, 1, resultant_digits, DigitOrder::by_coefficient};
};

Integer integer(i64 value) {
    Integer out;
    out.view.at(0, 0) = value;
    EXPECT_TRUE(balance(out.view, out.view));
    return out;
}

/// Random balanced digits.
Integer random_integer(std::size_t digits, std::mt19937_64& random) {
    Integer out;
    for (std::size_t j = 0; j < digits; ++j) {
        out.view.at(0, j) = static_cast<i64>(random() % (u64{1} << digit_bits)) - digit_base / 2;
    }
    return out;
}

Number number(const Integer& from) {
    Number out{BN_new()};
    for (std::size_t j = resultant_digits; j-- > 0;) {
        const i64 digit = from.view.at(0, j);
        BN_lshift(out.get(), out.get(), digit_bits);
        if (digit >= 0) {
            BN_add_word(out.get(), static_cast<BN_ULONG>(digit));
        } else {
            BN_sub_word(out.get(), static_cast<BN_ULONG>(-digit));
        }
    }
    return out;
}

class Resultants : public testing::Test {
  protected:
    Result<void, KeygenRejection> solve(const Integer& f, const Integer& g) {
        return solve_resultants(big_f_.view, f.view, g.view, workspace_);
    }
    /// G = (q + g F) / f leaves no remainder, and F is small.
    void expect_solution(const Integer& f, const Integer& g) {
        const std::unique_ptr<BN_CTX, FreeContext> context{BN_CTX_new()};
        const Number f_number = number(f);
        const Number g_number = number(g);
        const Number big_f = number(big_f_);
        Number sum{BN_new()};
        BN_mul(sum.get(), g_number.get(), big_f.get(), context.get());
        BN_add_word(sum.get(), q);
        Number remainder{BN_new()};
        BN_mod(remainder.get(), sum.get(), f_number.get(), context.get());
        EXPECT_TRUE(BN_is_zero(remainder.get()));
        Number twice{BN_new()};
        BN_lshift1(twice.get(), big_f.get());
        Number bound{BN_dup(f_number.get())};
        BN_set_negative(bound.get(), 0);
        BN_add_word(bound.get(), 2 * q);
        EXPECT_LE(BN_ucmp(twice.get(), bound.get()), 0);
    }

    KeygenWorkspace workspace_{20'000};
    Integer big_f_;
};

TEST_F(Resultants, AreSolvedForSmallIntegers) {
    for (const auto& [f, g] : {std::pair<i64, i64>{1, 0},
                               {-1, 0},
                               {1, 1},
                               {3, 2},
                               {-3, 2},
                               {3, -2},
                               {15, 28},
                               {12289, 7},
                               {100000007, -12345678},
                               {1, 99999999999}}) {
        const Integer f_integer = integer(f);
        const Integer g_integer = integer(g);
        ASSERT_TRUE(solve(f_integer, g_integer)) << f << ' ' << g;
        expect_solution(f_integer, g_integer);
    }
}

TEST_F(Resultants, AreSolvedUpToTheFullSize) {
    std::mt19937_64 random{1};
    int solved = 0;
    for (std::size_t digits : {1U, 2U, 3U, 30U, 225U, 226U, 232U, 232U, 232U, 232U}) {
        Integer f = random_integer(digits, random);
        f.view.at(0, 0) |= 1;
        const Integer g = random_integer(digits, random);
        const auto result = solve(f, g);
        if (!result) {
            // One random pair in five or so has a common factor.
            EXPECT_EQ(result.error(), KeygenRejection::not_coprime);
            continue;
        }
        ++solved;
        expect_solution(f, g);
    }
    EXPECT_GT(solved, 4);
}

TEST_F(Resultants, WithACommonFactorOrAnEvenFAreRejected) {
    for (const auto& [f, g] : {std::pair<i64, i64>{3, 6}, {21, 35}, {-5, 5}, {7, 0}, {2, 1}, {0, 1}}) {
        const auto result = solve(integer(f), integer(g));
        ASSERT_FALSE(result) << f << ' ' << g;
        EXPECT_EQ(result.error(), KeygenRejection::not_coprime);
    }
}

}  // namespace
}  // namespace chat::falcon1024
