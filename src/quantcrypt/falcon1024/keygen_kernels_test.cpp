#include "quantcrypt/falcon1024/keygen_kernels.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "quantcrypt/falcon1024/ntt.hpp"

namespace chat::falcon1024 {
namespace {

class KeygenKernelsTest : public testing::Test {
  protected:
    void SetUp() override {
        if (!is_available(Implementation::avx2)) GTEST_SKIP() << "this processor has no AVX2";
    }
    static const KeygenKernels& portable() { return keygen_kernels(Implementation::portable); }
    static const KeygenKernels& avx2() { return keygen_kernels(Implementation::avx2); }
};

/// Every divisor from 0 to q - 1 by some dividend, and division undone by multiplication.
TEST_F(KeygenKernelsTest, DivideAlikeForEveryDivisor) {
    std::mt19937_64 random{1};
    for (u32 first = 0; first < q; first += n) {
        RingElement a{};
        RingElement b{};
        for (u32 i = 0; i < n; ++i) {
            a[i] = static_cast<u16>(random() % q);
            b[i] = static_cast<u16>((first + i) % q);
        }
        RingElement here = a;
        RingElement there = a;
        portable().divide_values(here, b);
        avx2().divide_values(there, b);
        ASSERT_EQ(here, there);
        multiply_values(there, b);
        for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(there[i], b[i] == 0 ? 0 : a[i]);
    }
}

TEST_F(KeygenKernelsTest, TransformDoublesAlike) {
    std::mt19937_64 random{2};
    for (std::size_t size = 16; size <= n; size *= 2) {
        std::vector<double> here(size);
        for (double& value : here) value = static_cast<double>(random() % 2001) - 1000.0;
        std::vector<double> there = here;
        const std::vector<double> original = here;
        portable().fft(here);
        avx2().fft(there);
        for (std::size_t i = 0; i < size; ++i) ASSERT_NEAR(here[i], there[i], 1e-9);
        avx2().inverse_fft(there);
        for (std::size_t i = 0; i < size; ++i) ASSERT_NEAR(there[i], original[i], 1e-9);
    }
}

}  // namespace
}  // namespace chat::falcon1024
