#include "secure_p2p/monitor/clock_watch.hpp"

#include <gtest/gtest.h>

#include "support/virtual_time.hpp"

namespace chat {
namespace {

using test::at;
using namespace std::chrono_literals;

constexpr WallTime noon{1'800'000'000s};

/// What a second reading tells: so much later on each clock, and so much slept where that is known.
std::optional<SecurityEvent> after(Duration running, std::chrono::seconds wall,
                                   std::optional<Duration> slept) {
    ClockWatch watch;
    EXPECT_FALSE(watch.observe(at(100s), noon, slept ? std::optional<Duration>{7s} : std::nullopt));
    return watch.observe(at(100s) + running, noon + wall,
                         slept ? std::optional<Duration>{7s + *slept} : std::nullopt);
}

void expect(const std::optional<SecurityEvent>& event, SecurityEventKind kind, std::string_view reason) {
    ASSERT_TRUE(event);
    EXPECT_EQ(event->kind, kind);
    EXPECT_EQ(event->reason, reason);
}

TEST(ClockWatch, ClocksThatRunTogetherAreQuiet) {
    for (const auto& slept : {std::optional<Duration>{}, std::optional<Duration>{0s}}) {
        EXPECT_FALSE(after(30s, 30s, slept));
        EXPECT_FALSE(after(30s, 34s, slept));
        EXPECT_FALSE(after(30s, 26s, slept));
        EXPECT_FALSE(after(30s, 31s, slept));
    }
}

TEST(ClockWatch, AStepBackIsTold) {
    expect(after(30s, -3570s, 0s), SecurityEventKind::clock_jump, "the clock was set back by 3600 s");
    expect(after(30s, 20s, std::nullopt), SecurityEventKind::clock_jump, "the clock was set back by 10 s");
}

TEST(ClockWatch, ForwardAndAsleepAreToldApartWhereTheSystemSaysHowLongItSlept) {
    expect(after(30s, 3630s, 0s), SecurityEventKind::clock_jump, "the clock was set forward by 3600 s");
    expect(after(30s, 3630s, 3600s), SecurityEventKind::suspended, "the machine slept for 3600 s");
    expect(after(30s, 3630s, std::nullopt), SecurityEventKind::clock_jump,
           "the machine slept, or its clock was set forward, by 3600 s");
}

TEST(ClockWatch, AClockThatWasSetDuringSleepIsTold) {
    expect(after(30s, 30s, 3600s), SecurityEventKind::clock_jump, "the clock was set back by 3600 s");
    expect(after(30s, 7230s, 3600s), SecurityEventKind::clock_jump, "the clock was set forward by 3600 s");
}

TEST(ClockWatch, EachStepIsToldOnce) {
    ClockWatch watch;
    EXPECT_FALSE(watch.observe(at(0s), noon, 0s));
    EXPECT_TRUE(watch.observe(at(10s), noon + 1000s, 0s));
    EXPECT_FALSE(watch.observe(at(20s), noon + 1010s, 0s));
}

}  // namespace
}  // namespace chat
