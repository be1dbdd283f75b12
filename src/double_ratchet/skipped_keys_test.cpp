#include "double_ratchet/skipped_keys.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

constexpr Time start{};
constexpr Duration second = std::chrono::seconds{1};

SkippedKeys::Entries entries(u32 epoch, u32 from, u32 to, Time since) {
    SkippedKeys::Entries out;
    for (u32 n = from; n < to; ++n)
        out.try_emplace({epoch, n}, SkippedKeys::Entry{{}, 1000U * epoch + n, since});
    return out;
}

TEST(SkippedKeys, HandsOutWhatItTook) {
    SkippedKeys keys{RatchetLimits{}};
    EXPECT_EQ(keys.lowest_position(), std::nullopt);
    keys.add(entries(3, 4, 6, start));
    keys.add(entries(5, 0, 1, start));
    EXPECT_EQ(keys.size(), 3U);
    EXPECT_EQ(keys.lowest_position(), 3004U);
    ASSERT_NE(keys.find({3, 5}, start), nullptr);
    EXPECT_EQ(keys.find({3, 5}, start)->position, 3005U);
    EXPECT_EQ(keys.find({3, 6}, start), nullptr);
    EXPECT_TRUE(keys.holds_epoch(3));
    EXPECT_FALSE(keys.holds_epoch(4));
    keys.remove({3, 4});
    keys.remove({3, 5});
    EXPECT_FALSE(keys.holds_epoch(3));
    EXPECT_FALSE(keys.holds({3, 5}));
    EXPECT_TRUE(keys.holds({5, 0}));
    EXPECT_EQ(keys.dropped(), 0U);
}

TEST(SkippedKeys, TheOldestMakeRoom) {
    RatchetLimits limits;
    limits.max_skipped_kept = 10;
    SkippedKeys keys{limits};
    keys.add(entries(1, 0, 8, start));
    keys.add(entries(3, 0, 5, start));
    EXPECT_EQ(keys.size(), 10U);
    EXPECT_EQ(keys.dropped(), 3U);
    EXPECT_FALSE(keys.holds({1, 2}));
    EXPECT_TRUE(keys.holds({1, 3}));
    EXPECT_TRUE(keys.holds({3, 4}));
}

TEST(SkippedKeys, LastAnHourOfConnectedTime) {
    const RatchetLimits limits;
    SkippedKeys keys{limits};
    keys.add(entries(1, 0, 1, start));
    keys.add(entries(1, 1, 2, start + second));
    const Time hour_later = start + limits.max_skipped_age;
    EXPECT_NE(keys.find({1, 0}, hour_later), nullptr);
    EXPECT_EQ(keys.find({1, 0}, hour_later + second), nullptr) << "too old even before it is wiped";
    EXPECT_NE(keys.find({1, 1}, hour_later + second), nullptr);
    keys.drop_older_than(hour_later + second);
    EXPECT_FALSE(keys.holds({1, 0}));
    EXPECT_TRUE(keys.holds({1, 1}));
    EXPECT_EQ(keys.dropped(), 1U);
}

TEST(SkippedKeys, LastFiveEpochs) {
    SkippedKeys keys{RatchetLimits{}};
    keys.add(entries(1, 0, 2, start));
    keys.add(entries(3, 0, 2, start));
    keys.drop_before(4);
    keys.drop_before(6);
    EXPECT_TRUE(keys.holds({1, 0}));
    keys.drop_before(7);
    EXPECT_FALSE(keys.holds_epoch(1));
    EXPECT_TRUE(keys.holds_epoch(3));
    EXPECT_EQ(keys.dropped(), 2U);
}

}  // namespace
}  // namespace chat
