#include "secure_p2p/monitor/security_monitor.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/virtual_time.hpp"

namespace chat {
namespace {

using test::at;
using namespace std::chrono_literals;

SecurityMonitor::Verdict record(SecurityMonitor& monitor, SecurityEventKind kind, Time now) {
    return monitor.record({kind, "reason", 10}, now);
}

SecurityReport::Line line_of(const SecurityMonitor& monitor, SecurityEventKind kind, Time now) {
    return monitor.report(now).lines.at(static_cast<std::size_t>(kind));
}

TEST(SlidingCount, ForgetsWhatIsAMinuteOld) {
    SlidingCount count;
    for (int second = 0; second < 90; second += 10) count.add(at(std::chrono::seconds{second}));
    EXPECT_EQ(count.count(at(80s)), 6U);  // of 30 to 80
    EXPECT_EQ(count.count(at(89s)), 6U);
    EXPECT_EQ(count.count(at(90s)), 5U);
    EXPECT_EQ(count.count(at(139s)), 1U);
    EXPECT_EQ(count.count(at(140s)), 0U);
    count.add(at(10'000s));
    EXPECT_EQ(count.count(at(10'000s)), 1U);
    EXPECT_EQ(count.count(at(10'059s)), 1U);
    EXPECT_EQ(count.count(at(10'060s)), 0U);
}

TEST(SlidingCount, CountsManyOfOneSecond) {
    SlidingCount count;
    for (int i = 0; i < 5000; ++i) count.add(at(7s));
    EXPECT_EQ(count.count(at(66s)), 5000U);
    EXPECT_EQ(count.count(at(67s)), 0U);
}

/// The whole table: each kind warns and ends exactly from its numbers on.
TEST(SecurityMonitor, EveryRuleWarnsAndEndsFromItsNumber) {
    for (const SecurityRule& rule : security_rules) {
        SCOPED_TRACE(name_of(rule.kind));
        SecurityMonitor monitor;
        const u32 most = std::max({rule.warn_from, rule.end_from, 200U});
        for (u32 n = 1; n <= most; ++n) {
            const auto verdict = record(monitor, rule.kind, at(1s));
            const bool ends = rule.end_from != 0 && n >= rule.end_from;
            EXPECT_EQ(verdict.end.has_value(), ends) << n;
            EXPECT_EQ(verdict.warning.has_value(), !ends && n == rule.warn_from) << n;
        }
        EXPECT_EQ(monitor.total(rule.kind), most);
    }
}

TEST(SecurityMonitor, NothingThatANetworkCanCauseEndsASession) {
    SecurityMonitor monitor;
    for (const SecurityRule& rule : security_rules) {
        if (rule.origin != Origin::network) continue;
        for (int i = 0; i < 10'000; ++i) EXPECT_FALSE(record(monitor, rule.kind, at(1s)).end);
    }
}

TEST(SecurityMonitor, SlowEventsStayBelowTheEnd) {
    SecurityMonitor monitor;
    static_assert(rule_of(SecurityEventKind::gap).end_from > 15);
    for (int i = 0; i < 1000; ++i) EXPECT_FALSE(record(monitor, SecurityEventKind::gap, at(i * 4s)).end);
}

TEST(SecurityMonitor, WarnsAgainOnlyAfterThePause) {
    SecurityMonitor monitor;
    EXPECT_TRUE(record(monitor, SecurityEventKind::replay, at(0s)).warning);
    EXPECT_FALSE(record(monitor, SecurityEventKind::replay, at(599s)).warning);
    EXPECT_TRUE(record(monitor, SecurityEventKind::malformed_content, at(599s)).warning);
    const auto again = record(monitor, SecurityEventKind::replay, at(600s));
    ASSERT_TRUE(again.warning);
    EXPECT_EQ(again.warning->kind, SecurityEventKind::replay);
    EXPECT_EQ(again.warning->last_minute, 2U);
}

TEST(SecurityMonitor, AnotherPeerBeginsAtZeroWhileTotalsAndTheNetworksCountsStay) {
    SecurityMonitor monitor;
    for (int i = 0; i < 63; ++i) static_cast<void>(record(monitor, SecurityEventKind::cell_refused, at(0s)));
    for (int i = 0; i < 5; ++i) static_cast<void>(record(monitor, SecurityEventKind::hello_refused, at(0s)));
    monitor.forget_peer();
    const auto verdict = record(monitor, SecurityEventKind::cell_refused, at(1s));
    EXPECT_FALSE(verdict.end);
    EXPECT_TRUE(verdict.warning);
    EXPECT_EQ(line_of(monitor, SecurityEventKind::cell_refused, at(1s)).total, 64U);
    EXPECT_EQ(line_of(monitor, SecurityEventKind::cell_refused, at(1s)).last_minute, 1U);
    EXPECT_EQ(line_of(monitor, SecurityEventKind::hello_refused, at(1s)).last_minute, 5U);
}

TEST(SecurityMonitor, ReportsStateAndTheLatestEventsInBoundedMemory) {
    SecurityMonitor monitor;
    for (int i = 0; i < 3; ++i) static_cast<void>(record(monitor, SecurityEventKind::replay, at(1s)));
    static_cast<void>(record(monitor, SecurityEventKind::tracer_attached, at(2s)));
    SecurityReport report = monitor.report(at(3s));
    ASSERT_EQ(report.recent.size(), 2U);
    EXPECT_EQ(report.recent.front().times, 3U);
    EXPECT_EQ(report.recent.back().event.kind, SecurityEventKind::tracer_attached);
    using State = SecurityReport::State;
    EXPECT_EQ(line_of(monitor, SecurityEventKind::replay, at(3s)).state, State::warned);
    EXPECT_EQ(line_of(monitor, SecurityEventKind::replay, at(601s)).state, State::quiet);
    EXPECT_EQ(line_of(monitor, SecurityEventKind::tracer_attached, at(3s)).state, State::alarm);
    EXPECT_EQ(line_of(monitor, SecurityEventKind::flood, at(3s)).state, State::quiet);
    for (int i = 0; i < 1000; ++i) {
        const auto kind = static_cast<SecurityEventKind>(static_cast<std::size_t>(i) % security_event_kinds);
        static_cast<void>(record(monitor, kind, at(4s)));
    }
    EXPECT_EQ(monitor.report(at(5s)).recent.size(), SecurityMonitor::recent_kept);
}

TEST(SecurityMonitor, CountsWhatIsToldForAnotherPurpose) {
    EXPECT_EQ(counted_as(HandshakeFailed{Stage::tls, "why"})->kind, SecurityEventKind::handshake_refused);
    EXPECT_EQ(counted_as(SpentInviteTried{})->kind, SecurityEventKind::spent_invite);
    for (const LostReason reason : {LostReason::stream_ended, LostReason::silent, LostReason::stalled}) {
        EXPECT_EQ(counted_as(ConnectionLost{reason})->kind, SecurityEventKind::connection_reset);
    }
    EXPECT_FALSE(counted_as(ConnectionLost{LostReason::gap}));
    EXPECT_FALSE(counted_as(Connected{}));
}

TEST(SecurityEventKind, EveryOneHasWordsAndAWordOfItsOwn) {
    std::set<std::string_view> words;
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < security_event_kinds; ++i) {
        const auto kind = static_cast<SecurityEventKind>(i);
        words.insert(describe(kind));
        names.insert(name_of(kind));
        EXPECT_FALSE(rule_of(kind).reason.empty());
    }
    EXPECT_EQ(words.size(), security_event_kinds);
    EXPECT_EQ(names.size(), security_event_kinds);
    EXPECT_FALSE(words.contains(""));
    EXPECT_FALSE(names.contains(""));
}

}  // namespace
}  // namespace chat
