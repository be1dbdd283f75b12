#include "hybrid_kex/safety_number.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/hash.hpp"
#include "crypto/info.hpp"
#include "support/seeded_rng.hpp"

namespace chat {
namespace {

TEST(SafetyNumber, IsTheSameFromBothSides) {
    test::SeededRng rng{1};
    const auto a = rng.bytes<Fingerprint>();
    const auto b = rng.bytes<Fingerprint>();
    EXPECT_EQ(safety_number(a, b), safety_number(b, a));
}

TEST(SafetyNumber, DependsOnBothIdentities) {
    test::SeededRng rng{2};
    const auto a = rng.bytes<Fingerprint>();
    const auto b = rng.bytes<Fingerprint>();
    EXPECT_NE(safety_number(a, b), safety_number(a, rng.bytes<Fingerprint>()));
    EXPECT_NE(safety_number(a, b), safety_number(rng.bytes<Fingerprint>(), b));
}

TEST(SafetyNumber, ShowsTwelveGroupsWithLeadingZeros) {
    const SafetyNumber number{{0, 1, 22, 333, 4444, 55555, 99999, 7, 8, 9, 10, 11}};
    EXPECT_EQ(number.text(), "00000 00001 00022 00333 04444 55555 99999 00007 00008 00009 00010 00011");
    EXPECT_EQ(number.digits(), "000000000100022003330444455555999990000700008000090001000011");
}

/// The rule of docs/protocol.md 1, spelled out.
SafetyNumber by_the_rule(const Fingerprint& low, const Fingerprint& high) {
    SafetyNumber out;
    std::size_t filled = 0;
    for (u8 block = 0; filled < out.groups.size(); ++block) {
        Bytes encoded{0, 0, 0, static_cast<u8>(info::safety_number.size())};
        append(encoded, bytes_of(info::safety_number));
        append(encoded, low.bytes);
        append(encoded, high.bytes);
        append(encoded, std::array<u8, 4>{0, 0, 0, block});
        const Sha512Digest digest = sha512(encoded);
        for (std::size_t i = 0; i < digest.bytes.size() && filled < out.groups.size(); i += 4) {
            const u64 word = u64{digest.bytes[i]} << 24U | u64{digest.bytes[i + 1]} << 16U |
                             u64{digest.bytes[i + 2]} << 8U | digest.bytes[i + 3];
            if (word < 4'294'900'000U) out.groups[filled++] = static_cast<u32>(word % 100'000U);
        }
    }
    return out;
}

TEST(SafetyNumber, FollowsTheRuleAlsoWhereWordsAreSkipped) {
    test::SeededRng rng{3};
    for (int round = 0; round < 30'000; ++round) {  // one in about 5,000 pairs has a skipped word
        auto a = rng.bytes<Fingerprint>();
        auto b = rng.bytes<Fingerprint>();
        if (b < a) std::swap(a, b);
        ASSERT_EQ(safety_number(b, a), by_the_rule(a, b)) << "round " << round;
    }
}

TEST(SafetyNumber, SpreadsItsGroupsEvenly) {
    test::SeededRng rng{4};
    constexpr u32 bins = 10;
    constexpr u32 rounds = 2'000;
    std::array<u32, bins> counts{};
    for (u32 round = 0; round < rounds; ++round) {
        const SafetyNumber number = safety_number(rng.bytes<Fingerprint>(), rng.bytes<Fingerprint>());
        for (const u32 group : number.groups) {
            ASSERT_LT(group, SafetyNumber::group_bound);
            ++counts.at(group / (SafetyNumber::group_bound / bins));
        }
    }
    constexpr double expected = static_cast<double>(rounds) * SafetyNumber::group_count / bins;
    double chi_squared = 0;
    for (const u32 count : counts) chi_squared += (count - expected) * (count - expected) / expected;
    EXPECT_LT(chi_squared, 33.7);  // nine degrees of freedom, one in ten thousand; the seed is fixed
}

}  // namespace
}  // namespace chat
