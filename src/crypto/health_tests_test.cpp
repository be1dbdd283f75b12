#include "crypto/health_tests.hpp"

#include <gtest/gtest.h>

#include "support/seeded_rng.hpp"

namespace chat {
namespace {

// Figures that are known from elsewhere: SP 800-90B, 4.4.1 gives C = 31 for one bit and 2^-30; 325 and 355 are the published
// cut-offs for one bit of entropy, a window of 512 and 2^-30 or 2^-60.
static_assert(repetition_count_cutoff(1, 30) == 31);
static_assert(repetition_count_cutoff(8, 30) == 5);
static_assert(adaptive_proportion_cutoff(1, 30) == 325);
static_assert(adaptive_proportion_cutoff(1, 60) == 355);
static_assert(HealthTests::repetition_cutoff == 8);
static_assert(HealthTests::proportion_cutoff == 35);

/// 0, 1, 2, ... 255, 0, ...: no repetition, and each value twice in a window.
Bytes counting(std::size_t size) {
    Bytes out(size);
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<u8>(i);
    return out;
}

TEST(RepetitionCount, AlarmsAtTheCutoffAndNotBefore) {
    RepetitionCountTest test{4};
    for (u8 sample : Bytes{5, 5, 5, 6, 6, 6, 5, 5, 5}) EXPECT_TRUE(test.accept(sample));
    EXPECT_FALSE(test.accept(5));
    EXPECT_FALSE(test.accept(5)) << "as long as the run lasts";
    EXPECT_TRUE(test.accept(6));
}

TEST(RepetitionCount, CountsAFirstSampleOfZero) {
    RepetitionCountTest test{3};
    EXPECT_TRUE(test.accept(0));
    EXPECT_TRUE(test.accept(0));
    EXPECT_FALSE(test.accept(0));
}

TEST(AdaptiveProportion, WatchesTheFirstValueOfEachWindow) {
    AdaptiveProportionTest test{3};
    const Bytes window = counting(adaptive_proportion_window);
    for (u8 sample : window) EXPECT_TRUE(test.accept(sample)) << "each value comes twice";
    // A new window: the old count is gone, and 9 is watched.
    EXPECT_TRUE(test.accept(9));
    EXPECT_TRUE(test.accept(0));
    EXPECT_TRUE(test.accept(0));
    EXPECT_TRUE(test.accept(0)) << "0 is not watched any more";
    EXPECT_TRUE(test.accept(9));
    EXPECT_FALSE(test.accept(9));
}

TEST(AdaptiveProportion, ForgetsAtTheEndOfAWindow) {
    AdaptiveProportionTest test{3};
    Bytes samples = counting(adaptive_proportion_window);
    samples[adaptive_proportion_window - 1] = 1;
    for (u8 sample : samples) EXPECT_TRUE(test.accept(sample));
    for (u8 sample : Bytes{0, 0})
        EXPECT_TRUE(test.accept(sample)) << "two more of the old watched value, now a fresh count";
}

TEST(HealthTests, RaiseTheAlarmThatFits) {
    HealthTests stuck;
    ASSERT_TRUE(stuck.feed(counting(1024)));
    const Bytes seven(HealthTests::repetition_cutoff - 1, 0xaa);
    ASSERT_TRUE(stuck.feed(seven));
    const Bytes one_more(1, 0xaa);
    const auto stuck_alarm = stuck.feed(one_more);
    ASSERT_FALSE(stuck_alarm);
    EXPECT_EQ(stuck_alarm.error(), HealthAlarm::repetition_count);

    HealthTests biased;
    Bytes samples = counting(adaptive_proportion_window);
    for (std::size_t i = 0; i < 2UL * HealthTests::proportion_cutoff; i += 2) samples[i] = 0xbb;
    const auto biased_alarm = biased.feed(samples);
    ASSERT_FALSE(biased_alarm);
    EXPECT_EQ(biased_alarm.error(), HealthAlarm::adaptive_proportion);
}

TEST(HealthTests, HaveALineForEachAlarm) {
    EXPECT_EQ(describe(HealthAlarm::repetition_count), "the source of randomness repeats itself");
    EXPECT_EQ(describe(HealthAlarm::adaptive_proportion), "the source of randomness is biased");
}

TEST(HealthTests, LetAGoodSourcePass) {
    test::SeededRng rng{7};
    HealthTests tests;
    Bytes block(4096);
    for (int i = 0; i < 1000; ++i) {
        rng.fill(block);
        ASSERT_TRUE(tests.feed(block)) << "block " << i << " of seed 7";
    }
}

TEST(HealthTests, CatchASourceThatLostHalfItsBits) {
    test::SeededRng rng{8};
    HealthTests tests;
    Bytes block(adaptive_proportion_window * 64UL);
    rng.fill(block);
    for (u8& byte : block) byte &= 0x0fU;
    EXPECT_FALSE(tests.feed(block)) << "seed 8";
}

}  // namespace
}  // namespace chat
