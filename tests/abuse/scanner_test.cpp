/// A thousand strangers at once, against the real program (docs/protocol.md 3).

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>

#include "abuse/scanner.hpp"
#include "cli/program.hpp"

namespace chat::test {
namespace {

using namespace std::chrono_literals;
using Visit = Scanner::Visit;

/// Of a process, in KiB: VmRSS, VmHWM.
long memory_of(int process, const std::string& what) {
    std::ifstream status{"/proc/" + std::to_string(process) + "/status"};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(what + ":")) return std::stol(line.substr(what.size() + 1));
    }
    return -1;
}

/// User and system time that a process used so far, in clock ticks.
long processor_time_of(int process) {
    std::ifstream status{"/proc/" + std::to_string(process) + "/stat"};
    std::string field;
    std::getline(status, field, ')');
    long user = 0;
    for (int i = 0; i < 11; ++i) status >> field;
    long system = 0;
    status >> user >> system;
    return user + system;
}

void expect_nothing_said(const std::vector<Visit>& visits) {
    for (const Visit& visit : visits) {
        EXPECT_EQ(visit.received, 0U) << "approach " << static_cast<int>(visit.approach);
        EXPECT_EQ(visit.end, Visit::End::reset) << "approach " << static_cast<int>(visit.approach);
    }
}

double held_for(const Visit& visit) { return Seconds{visit.ended - visit.begun}.count(); }

TEST(Scanner, AThousandAtOnceLeaveThePeerServedAndLearnNothing) {
    Program host{listen_on("127.0.0.1")};
    const std::string port = port_of(host);
    const std::string invite = invite_of(host);
    host.wait_for("* waiting for the guest");
    const long before = memory_of(host.id(), "VmRSS");

    Scanner crowd{port};
    crowd.visit(1000, 40);
    const auto all_there = Scanner::Clock::now();

    Program guest{join_from_input()};
    guest.say(invite);
    guest.wait_for("* connected");
    guest.say("through the crowd");
    host.wait_for("<Alice> through the crowd");
    const Seconds until_served = Scanner::Clock::now() - all_there;

    host.say("/security");
    const std::string held = host.wait_for("* strangers' connections held now: ");
    const long during = memory_of(host.id(), "VmRSS");
    crowd.watch(all_there + 40s);
    EXPECT_EQ(crowd.open(), 0U);
    expect_nothing_said(crowd.visits());
    host.say("/status");
    host.wait_for("* link: online");
    const long after = memory_of(host.id(), "VmRSS");

    std::cout << "[ measured ] the peer was served " << until_served.count()
              << " s after the last stranger came; " << held
              << "\n[ measured ] resident memory of the listener: " << before << " KiB before, " << during
              << " KiB with the crowd and a session, " << after << " KiB after, peak "
              << memory_of(host.id(), "VmHWM") << " KiB\n";
    EXPECT_LT(until_served.count(), 10.0);
    EXPECT_LT(memory_of(host.id(), "VmHWM") - before, 16L * 1024)
        << "KiB for a thousand strangers and one session";
}

TEST(Scanner, WhatWasSentDoesNotChangeWhenTheConnectionEnds) {
    Program host{listen_on("127.0.0.1")};
    const std::string port = port_of(host);
    host.wait_for("* waiting for the guest");
    Scanner few{port};
    few.visit(approaches * 20, 10);
    few.watch(Scanner::Clock::now() + 30s);
    EXPECT_EQ(few.open(), 0U);
    expect_nothing_said(few.visits());
    const auto [shortest, longest] = std::ranges::minmax(few.visits(), {}, held_for);
    std::cout << "[ measured ] held from " << held_for(shortest) << " s to " << held_for(longest) << " s\n";
    EXPECT_GT(held_for(shortest), 7.9);
    EXPECT_LT(held_for(longest), 16.0);
    EXPECT_LT(held_for(longest) - held_for(shortest), 0.5) << "one time for all, whatever they sent";
}

TEST(Scanner, NoiseCostsNoPublicKeyOperation) {
    Program host{listen_on("127.0.0.1")};
    const std::string port = port_of(host);
    host.wait_for("* waiting for the guest");
    host.say("/security");
    host.wait_for("* strangers' connections held now: 0");
    const long before = processor_time_of(host.id());
    Scanner crowd{port};
    crowd.visit(1000, 40);
    host.say("/security");
    host.wait_for("* strangers' connections held now: ");
    const long ticks = processor_time_of(host.id()) - before;
    std::cout << "[ measured ] processor time for a thousand strangers: " << ticks << " ticks of 10 ms\n";
    // One X25519 and one ML-KEM-1024 each, and the keys and certificate to answer with, would be several seconds.
    EXPECT_LT(ticks, 100);
}

}  // namespace
}  // namespace chat::test
