#include "quantcrypt/falcon1024/keygen.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "crypto/hash.hpp"
#include "quantcrypt/falcon1024/key_codec.hpp"
#include "quantcrypt/falcon1024/keygen_kernels.hpp"
#include "quantcrypt/falcon1024/ntru_solve.hpp"
#include "quantcrypt/falcon1024/ntt.hpp"
#include "support/nist_drbg.hpp"

namespace chat::falcon1024 {
namespace {

class Keygen : public testing::TestWithParam<Implementation> {
  protected:
    void SetUp() override {
        if (!is_available(GetParam())) GTEST_SKIP() << "this processor has no AVX2";
    }
};
INSTANTIATE_TEST_SUITE_P(Implementations, Keygen,
                         testing::Values(Implementation::portable, Implementation::avx2),
                         [](const auto& instance) {
                             return instance.param == Implementation::avx2 ? "avx2" : "portable";
                         });

Shake256 source_of(ByteView seed) {
    Shake256 out;
    out.absorb(seed);
    return out;
}
Shake256 source_of(unsigned number) { return source_of(bytes_of("keygen test " + std::to_string(number))); }

GeneratedKey generate(unsigned number, Implementation implementation, KeygenCounts& counts) {
    Shake256 source = source_of(number);
    return generate_basis(source, implementation, most_keygen_attempts, counts);
}

std::array<u8, secret_key_size> encoded(const PrivateBasis& basis) {
    std::array<u8, secret_key_size> out{};
    encode_secret_key(out, basis);
    return out;
}

u32 squared_norm(PrivateBasis::Polynomial polynomial) {
    u32 sum = 0;
    for (const i32 value : polynomial) sum += static_cast<u32>(value * value);
    return sum;
}

i64 product_coefficient(PrivateBasis::Polynomial a, PrivateBasis::Polynomial b, std::size_t index) {
    i64 sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const i64 term = i64{a[i]} * b[(index + n - i) % n];
        sum += i <= index ? term : -term;
    }
    return sum;
}

/// Everything that the specification asks of a key, computed from scratch.
void expect_good(const GeneratedKey& key) {
    const PrivateBasis& basis = key.basis;
    EXPECT_LT(squared_norm(basis.f()) + squared_norm(basis.g()), key_squared_norm_bound);
    for (std::size_t i = 0; i < n; ++i) {
        EXPECT_LT(std::abs(int{basis.f()[i]}), 16);
        EXPECT_LT(std::abs(int{basis.g()[i]}), 16);
        EXPECT_GE(int{basis.capital_f()[i]}, -127);
        EXPECT_GE(int{basis.capital_g()[i]}, -127);
    }
    for (std::size_t i = 0; i < n; i += 37) {
        EXPECT_EQ(product_coefficient(basis.f(), basis.capital_g(), i) -
                      product_coefficient(basis.g(), basis.capital_f(), i),
                  i == 0 ? i64{q} : 0);
    }
    RingElement f_times_h{};
    RingElement h = key.h;
    RingElement g{};
    reduce(f_times_h, basis.f());
    reduce(g, basis.g());
    ntt(f_times_h);
    ntt(h);
    multiply_values(f_times_h, h);
    inverse_ntt(f_times_h);
    EXPECT_EQ(f_times_h, g);
}

/// The hundred entries of the published file, regenerated from its outer generator; the digest is over their public and secret keys.
TEST_P(Keygen, MakesTheKeysOfAllHundredKnownAnswers) {
    std::array<u8, 48> outer_seed{};
    std::iota(outer_seed.begin(), outer_seed.end(), u8{0});
    test::NistDrbg outer{std::span<const u8, 48>{outer_seed}};
    Bytes keys;
    for (std::size_t count = 0; count < 100; ++count) {
        std::array<u8, 48> seed{};
        outer.fill(seed);
        Bytes message(33 * (count + 1));
        outer.fill(message);
        test::NistDrbg inner{std::span<const u8, 48>{seed}};
        std::array<u8, seed_size> keygen_seed{};
        inner.fill(keygen_seed);
        Shake256 source = source_of(keygen_seed);
        const GeneratedKey key = generate_basis(source, GetParam());
        std::array<u8, public_key_size> public_key{};
        encode_public_key(public_key, key.h);
        append(keys, public_key);
        append(keys, encoded(key.basis));
    }
    EXPECT_EQ(to_hex(sha256({keys}).bytes),
              "f98e83e9948ecfb1cf85020d1ebb5d0a8699da47617647cc80c6ac83f0fab8af");
}

TEST_P(Keygen, KeepsEveryBoundOfTheSpecification) {
    KeygenCounts counts;
    for (unsigned number = 0; number < 12; ++number) expect_good(generate(number, GetParam(), counts));
}

TEST_P(Keygen, GivesUpAfterTheBoundOnAttemptsAndCountsWhy) {
    KeygenCounts counts;
    unsigned most = 0;
    for (unsigned number = 0; most < 3; ++number) {
        counts = {};
        (void)generate(number, GetParam(), counts);
        most = counts.attempts;
    }
    EXPECT_EQ(std::accumulate(counts.rejections.begin(), counts.rejections.end(), 1U), counts.attempts);
    Shake256 source = source_of(0);
    KeygenCounts bounded;
    EXPECT_THROW((void)generate_basis(source, GetParam(), 0, bounded), KeygenExhausted);
    EXPECT_EQ(bounded.attempts, 0U);
}

TEST_P(Keygen, SlowThousandSeeds) {
    KeygenCounts counts;
    for (unsigned number = 0; number < 1000; ++number) {
        const GeneratedKey key = generate(number, GetParam(), counts);
        if (number % 20 == 0) expect_good(key);
    }
    for (std::size_t i = 0; i < keygen_rejection_count; ++i) {
        RecordProperty("rejected_" + std::to_string(i), static_cast<int>(counts.rejections[i]));
    }
    // Overflows are what the sizes of ntru_tower.cpp promise not to see.
    EXPECT_EQ(counts.rejected_for(KeygenRejection::coefficient_overflow), 0U);
    EXPECT_EQ(counts.rejected_for(KeygenRejection::quotient_overflow), 0U);
    EXPECT_EQ(counts.rejected_for(KeygenRejection::equation_violated), 0U);
    // One attempt in twenty succeeds: far from the bound, and far from one in a hundred too.
    EXPECT_GT(counts.attempts, 15'000U);
    EXPECT_LT(counts.attempts, 25'000U);
}

TEST(KeygenImplementations, Agree) {
    if (!is_available(Implementation::avx2)) GTEST_SKIP() << "this processor has no AVX2";
    for (unsigned number = 100; number < 104; ++number) {
        KeygenCounts portable;
        KeygenCounts avx2;
        const GeneratedKey a = generate(number, Implementation::portable, portable);
        const GeneratedKey b = generate(number, Implementation::avx2, avx2);
        EXPECT_EQ(a.h, b.h);
        EXPECT_EQ(encoded(a.basis), encoded(b.basis));
        EXPECT_EQ(portable.rejections, avx2.rejections);
    }
}

}  // namespace
}  // namespace chat::falcon1024
