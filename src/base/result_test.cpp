#include "base/result.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace chat {
namespace {

enum class Why { odd, late };

Result<std::unique_ptr<int>, Why> half_of(int number) {
    if (number % 2 != 0) return fail(Why::odd);
    return std::make_unique<int>(number / 2);
}

Result<void, Why> in_time(int hour) {
    if (hour > 12) return fail(Why::late);
    return {};
}

TEST(Result, HoldsAValueThatOnlyMoves) {
    auto half = half_of(8);
    ASSERT_TRUE(half);
    EXPECT_EQ(**half, 4);
    const std::unique_ptr<int> taken = *std::move(half);
    EXPECT_EQ(*taken, 4);
}

TEST(Result, HoldsAnError) {
    const auto half = half_of(7);
    EXPECT_FALSE(half);
    EXPECT_EQ(half.error(), Why::odd);
}

TEST(Result, OfNothing) {
    EXPECT_TRUE(in_time(9));
    EXPECT_EQ(in_time(13).error(), Why::late);
}

}  // namespace
}  // namespace chat
