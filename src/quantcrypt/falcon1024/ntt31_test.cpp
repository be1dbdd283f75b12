#include "quantcrypt/falcon1024/ntt31.hpp"

#include <gtest/gtest.h>

#include <random>

namespace chat::falcon1024 {
namespace {

static_assert(ntt31_prime == 2147473409);
static_assert(ntt31_detail::is_prime(2147483647) && !ntt31_detail::is_prime(2147483641));

class Ntt31 : public testing::TestWithParam<Implementation> {
  protected:
    void SetUp() override {
        if (!is_available(GetParam())) GTEST_SKIP() << "this processor has no AVX2";
    }
    static const KeygenKernels& kernels() { return keygen_kernels(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Implementations, Ntt31,
                         testing::Values(Implementation::portable, Implementation::avx2),
                         [](const auto& instance) {
                             return instance.param == Implementation::avx2 ? "avx2" : "portable";
                         });

std::vector<u32> random_residues(std::size_t size, std::mt19937_64& random) {
    std::vector<u32> out(size);
    for (u32& value : out) value = static_cast<u32>(random() % ntt31_prime);
    return out;
}

std::vector<u32> schoolbook(const std::vector<u32>& a, const std::vector<u32>& b) {
    std::vector<u32> out(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t j = 0; j < b.size(); ++j) {
            const u64 product = u64{a[i]} * b[j] % ntt31_prime;
            u32& place = out[(i + j) % a.size()];
            const u64 term = i + j < a.size() ? product : ntt31_prime - product;
            place = static_cast<u32>((place + term) % ntt31_prime);
        }
    }
    return out;
}

TEST_P(Ntt31, MultipliesAsTheSchoolbookDoes) {
    std::mt19937_64 random{1};
    for (std::size_t size = 2; size <= n; size *= 2) {
        auto a = random_residues(size, random);
        auto b = random_residues(size, random);
        a[0] = ntt31_prime - 1;
        b[0] = ntt31_prime - 1;
        const auto expected = schoolbook(a, b);
        kernels().ntt31(a);
        kernels().ntt31(b);
        for (std::size_t i = 0; i < size; ++i) a[i] = multiply31(a[i], b[i]);
        kernels().inverse_ntt31(a);
        EXPECT_EQ(a, expected) << size;
    }
}

TEST_P(Ntt31, IsTheSameOnEveryImplementationAndUndoesItself) {
    std::mt19937_64 random{2};
    for (std::size_t size = 2; size <= n; size *= 2) {
        const auto original = random_residues(size, random);
        auto here = original;
        auto portable = original;
        kernels().ntt31(here);
        ntt31(portable);
        EXPECT_EQ(here, portable) << size;
        kernels().inverse_ntt31(here);
        EXPECT_EQ(here, original) << size;
    }
}

TEST(Residue31, IsTheIntegerModuloThePrimeAndBack) {
    std::mt19937_64 random{3};
    const i64 limit = (i64{1} << 50U) - 1;
    for (const i64 value : {i64{0}, i64{1}, i64{-1}, limit, -limit, i64{ntt31_prime}, -i64{ntt31_prime}}) {
        const i64 expected = ((value % ntt31_prime) + ntt31_prime) % ntt31_prime;
        EXPECT_EQ(residue31(value), expected);
    }
    for (int i = 0; i < 10000; ++i) {
        const i64 value = static_cast<i64>(random() >> 13U) - limit;
        EXPECT_EQ(residue31(value), ((value % ntt31_prime) + ntt31_prime) % ntt31_prime);
        const i32 small = static_cast<i32>(random() % ntt31_prime) - static_cast<i32>(ntt31_prime / 2);
        EXPECT_EQ(centred31(residue31(small)), small);
    }
    EXPECT_EQ(subtract31(3, 5), ntt31_prime - 2);
}

}  // namespace
}  // namespace chat::falcon1024
