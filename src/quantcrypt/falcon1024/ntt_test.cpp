#include "quantcrypt/falcon1024/ntt.hpp"

#include <gtest/gtest.h>

#include <random>

namespace chat::falcon1024 {
namespace {

RingElement random_element(unsigned seed) {
    std::mt19937 generator{seed};
    std::uniform_int_distribution<u32> coefficient{0, q - 1};
    RingElement out{};
    for (u16& c : out) c = static_cast<u16>(coefficient(generator));
    return out;
}

RingElement schoolbook(const RingElement& a, const RingElement& b) {
    std::array<i64, n> sum{};
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            const i64 product = i64{a[i]} * b[j];
            sum[(i + j) % n] += i + j < n ? product : -product;
        }
    }
    RingElement out{};
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<u16>((sum[i] % q + q) % q);
    return out;
}

TEST(Ntt, InverseGivesTheCoefficientsBack) {
    const RingElement f = random_element(1);
    RingElement copy = f;
    ntt(copy);
    EXPECT_NE(copy, f);
    inverse_ntt(copy);
    EXPECT_EQ(copy, f);
}

TEST(Ntt, ExtremeCoefficientsSurvive) {
    RingElement f{};
    f.fill(static_cast<u16>(q - 1));
    RingElement copy = f;
    ntt(copy);
    inverse_ntt(copy);
    EXPECT_EQ(copy, f);
}

TEST(Ntt, ProductOfValuesIsTheNegacyclicProduct) {
    const RingElement a = random_element(2);
    const RingElement b = random_element(3);
    RingElement product = a;
    RingElement other = b;
    ntt(product);
    ntt(other);
    multiply_values(product, other);
    inverse_ntt(product);
    EXPECT_EQ(product, schoolbook(a, b));
}

TEST(Ntt, DivisionUndoesMultiplication) {
    const RingElement a = random_element(4);
    RingElement b = random_element(5);
    for (u16& value : b) value = value == 0 ? u16{1} : value;  // values, so b is invertible
    RingElement product = a;
    multiply_values(product, b);
    divide_values(product, b);
    EXPECT_EQ(product, a);
}

TEST(Ntt, DivisionByZeroGivesZero) {
    RingElement a = random_element(6);
    const RingElement zero{};
    divide_values(a, zero);
    EXPECT_EQ(a, zero);
}

TEST(Ntt, FindsASingleZeroValue) {
    RingElement a{};
    a.fill(1);
    EXPECT_EQ(all_values_nonzero(a), 1U);
    for (std::size_t i : {std::size_t{0}, n / 2, n - 1}) {
        RingElement with_zero = a;
        with_zero[i] = 0;
        EXPECT_EQ(all_values_nonzero(with_zero), 0U);
    }
}

TEST(Ntt, ReducesNegativeCoefficients) {
    std::array<i8, n> small{};
    small[0] = -1;
    small[1] = 127;
    small[2] = -127;
    RingElement out{};
    reduce(out, small);
    EXPECT_EQ(out[0], q - 1);
    EXPECT_EQ(out[1], 127);
    EXPECT_EQ(out[2], q - 127);
    EXPECT_EQ(out[3], 0);
}

}  // namespace
}  // namespace chat::falcon1024
