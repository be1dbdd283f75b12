#include "p2p_core/connector.hpp"

#include <gtest/gtest.h>

#include <map>

#include "support/virtual_time.hpp"

namespace chat {
namespace {

using test::at;
using namespace std::chrono_literals;
using State = DialReportLine::State;

HostPort place(const std::string& text) { return *parse_host_port(text); }

SocketAddress address(const std::string& text) {
    const HostPort parsed = place(text);
    return {*parsed.ip, parsed.port};
}

/// Plays the shell: remembers what the machine asked for and when.
class Race {
  public:
    Race(const std::vector<std::string>& places, DialWinner rule, DialLimits limits = {})
        : connector{parsed(places), rule, limits} {
        feed(Connector::Start{}, 0s);
    }

    void feed(const Connector::Input& input, Duration when) {
        now = when;
        connector.handle(input, at(when));
        while (auto output = connector.poll()) std::visit([&](const auto& what) { note(what); }, *output);
    }
    /// Lets time pass up to `when`, stopping at every deadline on the way.
    void run_until(Duration when) {
        while (const auto next = connector.deadline()) {
            if (*next > at(when)) break;
            feed(Connector::TimePassed{}, std::max(now, Duration{*next - at(0s)}));
        }
        now = when;
    }
    /// "time in ms: address" of each attempt so far.
    [[nodiscard]] std::vector<std::string> starts() const { return starts_; }
    [[nodiscard]] AttemptId id(const std::string& where) const { return ids_.at(where); }

    void note(const Connector::Resolve& what) { lookups.push_back(what.place); }
    void note(const Connector::StartAttempt& what) {
        starts_.push_back(std::to_string(now / 1ms) + ": " + to_text(what.address));
        ids_[to_text(what.address)] = what.attempt;
    }
    void note(const Connector::AbortAttempt& what) { aborted.push_back(what.attempt); }
    void note(const Connector::Progress& what) {
        progress.push_back(describe(connector.report().at(what.line)));
    }
    void note(const Connector::Won& what) { winner = what.attempt; }
    void note(const Connector::GaveUp&) { gave_up = now; }

    static std::vector<HostPort> parsed(const std::vector<std::string>& places) {
        std::vector<HostPort> out;
        for (const std::string& text : places) out.push_back(place(text));
        return out;
    }

    Connector connector;
    Duration now{};
    std::vector<u32> lookups;
    std::vector<AttemptId> aborted;
    std::vector<std::string> progress;
    std::optional<AttemptId> winner;
    std::optional<Duration> gave_up;

  private:
    std::vector<std::string> starts_;
    std::map<std::string, AttemptId> ids_;
};

using Strings = std::vector<std::string>;

TEST(Connector, StartsAnAttemptEvery250MsAndAlternatesFamilies) {
    Race race{{"[2a00::1]:1", "[2a00::2]:1", "8.8.8.1:1", "8.8.8.2:1"}, DialWinner::first_connected};
    race.run_until(2s);
    EXPECT_EQ(race.starts(),
              (Strings{"0: [2a00::1]:1", "250: 8.8.8.1:1", "500: [2a00::2]:1", "750: 8.8.8.2:1"}));
}

TEST(Connector, BeginsWithTheFamilyThatWasNamedFirst) {
    Race race{{"8.8.8.1:1", "[2a00::1]:1"}, DialWinner::first_connected};
    race.run_until(1s);
    EXPECT_EQ(race.starts(), (Strings{"0: 8.8.8.1:1", "250: [2a00::1]:1"}));
}

TEST(Connector, AFailureStartsTheNextAtOnce) {
    Race race{{"8.8.8.1:1", "8.8.8.2:1", "8.8.8.3:1"}, DialWinner::first_connected};
    race.feed(Connector::AttemptFailed{race.id("8.8.8.1:1"), NetError::refused}, 10ms);
    race.run_until(1s);
    EXPECT_EQ(race.starts(), (Strings{"0: 8.8.8.1:1", "10: 8.8.8.2:1", "260: 8.8.8.3:1"}));
    EXPECT_EQ(race.progress, (Strings{"8.8.8.1:1: connection refused after 10 ms"}));
}

TEST(Connector, TheFirstToConnectWinsAndEndsTheOthers) {
    Race race{{"8.8.8.1:1", "8.8.8.2:1", "8.8.8.3:1"}, DialWinner::first_connected};
    race.run_until(300ms);
    race.feed(Connector::AttemptConnected{race.id("8.8.8.2:1")}, 310ms);
    EXPECT_EQ(race.winner, race.id("8.8.8.2:1"));
    EXPECT_EQ(race.aborted, std::vector<AttemptId>{race.id("8.8.8.1:1")});
    EXPECT_TRUE(race.connector.finished());
    EXPECT_FALSE(race.connector.deadline());
    const auto& report = race.connector.report();
    ASSERT_EQ(report.size(), 3U);
    EXPECT_EQ(report[0].error, NetError::cancelled);
    EXPECT_EQ(report[1].state, State::won);
    EXPECT_EQ(describe(report[1]), "8.8.8.2:1: connected after 60 ms");
    EXPECT_EQ(describe(report[2]), "8.8.8.3:1: not tried");
    race.feed(Connector::AttemptConnected{race.id("8.8.8.1:1")}, 320ms);
    EXPECT_EQ(race.winner, race.id("8.8.8.2:1"));
    EXPECT_FALSE(race.gave_up);
}

TEST(Connector, GivesUpWhenEverythingFailedWithOneLineForEachAddress) {
    Race race{{"peer.example:7", "8.8.8.1:1", "nowhere.example:7"}, DialWinner::first_connected};
    EXPECT_EQ(race.lookups, (std::vector<u32>{0, 2}));
    race.feed(Connector::ResolveFailed{2, NetError::name_not_found}, 20ms);
    race.feed(Connector::Resolved{0, {address("[2a00::1]:7"), address("8.8.8.2:7")}}, 30ms);
    race.feed(Connector::AttemptFailed{race.id("8.8.8.1:1"), NetError::host_unreachable}, 40ms);
    race.feed(Connector::AttemptFailed{race.id("[2a00::1]:7"), NetError::network_unreachable}, 41ms);
    EXPECT_FALSE(race.gave_up);
    race.feed(Connector::AttemptFailed{race.id("8.8.8.2:7"), NetError::refused}, 60ms);
    EXPECT_EQ(race.gave_up, 60ms);
    Strings lines;
    for (const auto& line : race.connector.report()) lines.push_back(describe(line));
    EXPECT_EQ(lines, (Strings{"8.8.8.1:1: the host can't be reached after 40 ms",
                              "nowhere.example:7: the name has no address after 20 ms",
                              "[2a00::1]:7 (peer.example:7): no route to that network after 1 ms",
                              "8.8.8.2:7 (peer.example:7): connection refused after 19 ms"}));
    EXPECT_EQ(race.progress.size(), 4U);
}

TEST(Connector, EndsInBoundedTimeWhenNobodyAnswers) {
    Strings places{"slow.example:7"};
    for (int i = 1; i <= 60; ++i) places.push_back("8.8.8." + std::to_string(i) + ":1");
    Race race{places, DialWinner::first_confirmed};
    race.run_until(1h);
    EXPECT_LE(race.gave_up, 30s);
    EXPECT_EQ(race.starts().size(), 32U);  // as many addresses as the limit allows
    EXPECT_EQ(race.connector.report().size(), 33U);
    for (const auto& line : race.connector.report()) {
        EXPECT_EQ(line.state, State::failed);
        EXPECT_EQ(line.error, NetError::timed_out);
    }
    EXPECT_EQ(race.aborted.size(), 32U);
}

TEST(Connector, TheWholeHasADeadlineOfItsOwn) {
    DialLimits limits;
    limits.total = 1s;
    Race race{{"slow.example:7", "8.8.8.1:1", "8.8.8.2:1"}, DialWinner::first_connected, limits};
    race.run_until(1h);
    EXPECT_EQ(race.gave_up, 1s);
    EXPECT_EQ(race.starts().size(), 2U);
    EXPECT_EQ(race.connector.report().size(), 3U);
}

TEST(Connector, AnAttemptHasADeadline) {
    DialLimits limits;
    limits.attempt = 100ms;
    Race race{{"8.8.8.1:1", "8.8.8.2:1"}, DialWinner::first_connected, limits};
    race.run_until(150ms);
    EXPECT_EQ(race.starts(), (Strings{"0: 8.8.8.1:1", "100: 8.8.8.2:1"}));
    EXPECT_EQ(race.progress, (Strings{"8.8.8.1:1: no answer in time after 100 ms"}));
    EXPECT_EQ(race.aborted, std::vector<AttemptId>{race.id("8.8.8.1:1")});
}

TEST(Connector, TriesEachAddressOnce) {
    Race race{{"8.8.8.1:1", "peer.example:1"}, DialWinner::first_connected};
    race.feed(Connector::Resolved{1, {address("8.8.8.1:1"), address("8.8.8.1:1")}}, 1ms);
    race.run_until(1s);
    EXPECT_EQ(race.starts().size(), 1U);
}

TEST(Connector, ANameThatGivesNothingIsSaidSo) {
    Race race{{"peer.example:1"}, DialWinner::first_connected};
    race.feed(Connector::Resolved{0, {}}, 1ms);
    EXPECT_EQ(race.gave_up, 1ms);
    EXPECT_EQ(race.progress, (Strings{"peer.example:1: the name has no address after 1 ms"}));
    race.feed(Connector::Resolved{0, {address("8.8.8.1:1")}}, 2ms);
    EXPECT_TRUE(race.starts().empty());
}

TEST(Connector, WithNothingToDialItGivesUpAtOnce) {
    EXPECT_EQ((Race{{}, DialWinner::first_connected}.gave_up), 0s);
}

TEST(Connector, AZoneIsLeftToTheShell) {
    Race race{{"[fe80::1%eth0]:7"}, DialWinner::first_connected};
    EXPECT_EQ(race.lookups, std::vector<u32>{0});
    EXPECT_TRUE(race.starts().empty());
}

TEST(Connector, AnUnconfirmedConnectionSlowsTheOthersDownButDoesntStopThem) {
    Race race{{"192.168.1.5:1", "8.8.8.1:1", "8.8.8.2:1"}, DialWinner::first_confirmed};
    const AttemptId stranger = race.id("192.168.1.5:1");
    race.feed(Connector::AttemptConnected{stranger}, 5ms);
    EXPECT_FALSE(race.winner);
    race.run_until(2s);
    EXPECT_EQ(race.starts(), (Strings{"0: 192.168.1.5:1", "1505: 8.8.8.1:1", "1755: 8.8.8.2:1"}));
    race.feed(Connector::AttemptConnected{race.id("8.8.8.1:1")}, 2100ms);
    race.feed(Connector::AttemptConfirmed{race.id("8.8.8.1:1")}, 2200ms);
    EXPECT_EQ(race.winner, race.id("8.8.8.1:1"));
    EXPECT_EQ(race.aborted, (std::vector<AttemptId>{stranger, race.id("8.8.8.2:1")}));
}

TEST(Connector, AConnectionThatIsntThePeerMakesRoomAtOnce) {
    Race race{{"192.168.1.5:1", "8.8.8.1:1"}, DialWinner::first_confirmed};
    race.feed(Connector::AttemptConnected{race.id("192.168.1.5:1")}, 5ms);
    race.feed(Connector::AttemptFailed{race.id("192.168.1.5:1"), NetError::not_the_peer}, 40ms);
    EXPECT_EQ(race.starts(), (Strings{"0: 192.168.1.5:1", "40: 8.8.8.1:1"}));
    EXPECT_EQ(race.progress,
              (Strings{"192.168.1.5:1: connected, but it isn't the peer who answers there after 40 ms"}));
}

TEST(Connector, AFailureElsewhereDoesntCutAnUnconfirmedOnesTimeShort) {
    Race race{{"8.8.8.1:1", "8.8.8.2:1", "8.8.8.3:1"}, DialWinner::first_confirmed};
    race.run_until(250ms);
    race.feed(Connector::AttemptConnected{race.id("8.8.8.2:1")}, 260ms);
    race.feed(Connector::AttemptFailed{race.id("8.8.8.1:1"), NetError::refused}, 300ms);
    race.run_until(2s);
    EXPECT_EQ(race.starts().back(), "1760: 8.8.8.3:1");
}

TEST(Connector, WhatIsConnectedWhenTimeIsUpMayStillBeConfirmed) {
    Race race{{"8.8.8.1:1", "8.8.8.2:1"}, DialWinner::first_confirmed};
    const AttemptId first = race.id("8.8.8.1:1");
    race.feed(Connector::AttemptConnected{first}, 9s);
    race.run_until(1h);
    EXPECT_FALSE(race.gave_up);
    EXPECT_FALSE(race.connector.deadline());
    race.feed(Connector::AttemptConfirmed{first}, 31s);
    EXPECT_EQ(race.winner, first);
}

TEST(Connector, ConfirmingWhatIsntConnectedDoesNothing) {
    Race race{{"8.8.8.1:1"}, DialWinner::first_confirmed};
    race.feed(Connector::AttemptConfirmed{race.id("8.8.8.1:1")}, 1ms);
    race.feed(Connector::AttemptConfirmed{77}, 1ms);
    race.feed(Connector::AttemptFailed{77, NetError::reset}, 1ms);
    EXPECT_FALSE(race.winner);
    EXPECT_FALSE(race.connector.finished());
}

TEST(Connector, CancellingEndsEverything) {
    Race race{{"slow.example:1", "8.8.8.1:1", "8.8.8.2:1"}, DialWinner::first_confirmed};
    race.feed(Connector::AttemptConnected{race.id("8.8.8.1:1")}, 1ms);
    race.feed(Connector::Cancel{}, 2ms);
    EXPECT_EQ(race.gave_up, 2ms);
    EXPECT_EQ(race.aborted.size(), 1U);
    EXPECT_EQ(race.connector.report()[0].error, NetError::cancelled);
}

TEST(NetError, HasATextOfItsOwnForEach) {
    std::map<std::string_view, int> seen;
    for (u8 i = 0; i <= static_cast<u8>(NetError::unexpected); ++i) {
        const std::string_view text = describe(static_cast<NetError>(i));
        EXPECT_NE(text, "unknown error") << int{i};
        EXPECT_EQ(++seen[text], 1) << text;
    }
}

}  // namespace
}  // namespace chat
