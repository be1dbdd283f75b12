/// The start without a command.

#include <gtest/gtest.h>

#include "cli/program.hpp"

namespace chat::test {
namespace {

TEST(Guided, ShowsAddressesAndOffersWhatCanBeDone) {
    Program guide{{"--no-stun", "--bind", "127.0.0.1"}};
    guide.wait_for("Nothing is written to disk");
    guide.wait_for("* this machine: 127.0.0.1 (");
    for (const char* each : {"1  wait for a peer", "2  join", "3  ask the STUN servers again", "4  leave"}) {
        guide.wait_for(each);
    }
    guide.say("4");
    EXPECT_EQ(guide.wait(), 0);
}

TEST(Guided, TheEndOfInputLeaves) {
    const Outcome outcome = run({"--no-stun", "--bind", "127.0.0.1"});
    EXPECT_EQ(outcome.status, 0);
}

TEST(Guided, AsksAgainAfterWhatItDoesNotUnderstand) {
    Program guide{{"--no-stun", "--bind", "127.0.0.1"}};
    for (const char* each : {"", "5", "10", "wait", "-1", " 0 "}) {
        guide.wait_for("Your choice:");
        guide.say(each);
        guide.wait_for("* please type 1, 2, 3 or 4");
    }
    guide.wait_for("Your choice:");
    guide.say(" 4 ");
    EXPECT_EQ(guide.wait(), 0);
}

TEST(Guided, LooksForAddressesAgain) {
    Program guide{{"--no-stun", "--bind", "127.0.0.1"}};
    guide.wait_for("Your choice:");
    guide.say("3");
    guide.wait_for("* this machine: 127.0.0.1 (");
    guide.wait_for("Your choice:");
    guide.say("4");
    EXPECT_EQ(guide.wait(), 0);
}

TEST(Guided, TwoPeopleMeet) {
    Program host{{"--no-stun", "--bind", "127.0.0.1", "--nick", "Bob"}};
    host.wait_for("Your choice:");
    host.say("1");
    const std::string invite = invite_of(host);
    Program guest{{"--no-stun", "--bind", "127.0.0.1", "--nick", "Alice"}};
    guest.wait_for("Your choice:");
    guest.say("2");
    guest.wait_for("Paste the invite");
    guest.say("\"" + invite.substr(0, 70) + "\n" + invite.substr(70) + "\"");
    guest.wait_for("* connected");
    guest.say("we met");
    host.wait_for("<Alice> we met");
    EXPECT_EQ(guest.wait_after_end_of_input(), 0);
    EXPECT_EQ(host.wait(), 0);
}

TEST(Guided, AnAddressConnectsWithoutAnInvite) {
    Program host{listen_on("127.0.0.1", {"--open"})};
    const std::string port = port_of(host);
    Program guest{{"--no-stun", "--bind", "127.0.0.1", "--nick", "Alice"}};
    guest.wait_for("Your choice:");
    guest.say("2");
    guest.wait_for("Paste the invite");
    guest.say("127.0.0.1:" + port);
    guest.wait_for("* contact: unverified");
    guest.wait_for("* connected");
}

TEST(Guided, WhatIsNeitherInviteNorAddressIsExplained) {
    Program guide{{"--no-stun", "--bind", "127.0.0.1"}};
    for (const auto& [typed, says] : {std::pair{"nonsense", "* this is neither an invite nor an address: "},
                                      {"P2P1:AAAA", "mistyped"},
                                      {"P2P9:AAAA", "another version"}}) {
        guide.wait_for("Your choice:");
        guide.say("2");
        guide.wait_for("Paste the invite");
        guide.say(typed);
        guide.wait_for(says);
    }
    guide.wait_for("Your choice:");
    guide.say("4");
    EXPECT_EQ(guide.wait(), 0);
}

}  // namespace
}  // namespace chat::test
