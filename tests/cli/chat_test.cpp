/// Two people find each other and talk.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/program.hpp"

namespace chat::test {
namespace {

/// What /status says of the identity, so that two outputs can be compared.
std::string words_of(Program& program) {
    program.say("/verify");
    const std::string line = program.wait_for("compare these words");
    return line.substr(line.rfind(": ") + 2);
}

void talk(Pair& pair) {
    pair.guest.say("hello from the guest");
    EXPECT_EQ(pair.host.wait_for("hello from the guest"), "<Alice> hello from the guest");
    EXPECT_EQ(pair.guest.wait_for("* received"), "* received by the other side: line 1");
    pair.host.say("hello from the host");
    EXPECT_EQ(pair.guest.wait_for("hello from the host"), "<Bob> hello from the host");
    pair.host.wait_for("* received by the other side: line 1");
}

TEST(Chat, BothSidesTalkOverIpv4) {
    Pair pair;
    talk(pair);
    EXPECT_EQ(pair.guest.wait_after_end_of_input(), 0);
    EXPECT_EQ(pair.host.wait_after_end_of_input(), 0);
    EXPECT_EQ(pair.host.errors() + pair.guest.errors(), "");
}

TEST(Chat, BothSidesTalkOverIpv6) {
    Pair pair{{}, {}, "::1"};
    talk(pair);
    EXPECT_EQ(pair.host.wait_after_end_of_input(), 0);
    pair.guest.wait_for("* session ended: the other side left");
    EXPECT_EQ(pair.guest.wait(), 0);
}

TEST(Chat, BothShowWhatEachLayerAgreedAndTheSameWords) {
    Pair pair;
    for (Program* each : {&pair.host, &pair.guest}) {
        EXPECT_EQ(each->count("* layer 1, certificate exchange: key agreement: X25519 + ML-KEM-1024"), 1U);
        EXPECT_EQ(each->count("* layer 2, TLS 1.3: version: TLSv1.3; key agreement: SecP384r1MLKEM1024"), 1U);
        EXPECT_EQ(each->count("* layer 3, hybrid X3DH + ML-KEM-1024: "), 1U);
        EXPECT_EQ(each->count("* safety number: "), 1U);
    }
    EXPECT_EQ(pair.host.count("* contact: came with your invite"), 1U);
    EXPECT_EQ(pair.guest.count("* contact: verified by the invite"), 1U);
    EXPECT_EQ(words_of(pair.host), words_of(pair.guest));
}

TEST(Chat, WhatIsTypedBeforeAnybodyCameIsSentInOrder) {
    Program host{listen_on("127.0.0.1")};
    for (int i = 1; i <= 300; ++i) host.say("early " + std::to_string(i) + ".");
    host.end_input();
    Program guest{join_from_input()};
    guest.say(invite_of(host));
    for (int i = 1; i <= 300; ++i) guest.wait_for("<Bob> early " + std::to_string(i) + ".");
    EXPECT_EQ(host.wait(), 0);
    EXPECT_EQ(host.count("* received by the other side: line "), 300U);
    EXPECT_EQ(guest.wait(), 0);
    EXPECT_EQ(guest.count("<Bob> "), 300U) << "each line exactly once";
}

TEST(Chat, ViaDialsAnotherPlaceThanTheInviteNames) {
    Program host{listen_on("127.0.0.1", {"--advertise", "192.0.2.1:9"})};
    const std::string port = port_of(host);
    host.wait_for("* the invite tells this address: 192.0.2.1:9");
    Program guest{join_from_input({"--via", "127.0.0.1:" + port})};
    guest.say(invite_of(host));
    EXPECT_EQ(guest.wait_for("* dialling"), "* dialling 127.0.0.1:" + port);
    guest.wait_for("* connected");
    EXPECT_EQ(guest.count("192.0.2.1"), 0U);
}

TEST(Chat, TheAdvertisedAddressComesFirst) {
    Program host{
        listen_on("127.0.0.1", {"--advertise", "peer.example:7000", "--advertise", "[2001:db8::1]:7001"})};
    EXPECT_EQ(host.wait_for("the invite tells"), "* the invite tells this address: peer.example:7000");
    EXPECT_EQ(host.wait_for("the invite tells"), "* the invite tells this address: [2001:db8::1]:7001");
    host.wait_for("* the invite tells this address: 127.0.0.1:");
}

TEST(Chat, APortInUseIsAnErrorThatNamesIt) {
    Program host{listen_on("127.0.0.1")};
    const std::string port = port_of(host);
    const Outcome second = run(listen_on("127.0.0.1", {"--port", port}));
    EXPECT_EQ(second.status, 8);
    EXPECT_NE(second.output.find(port), std::string::npos) << second.output;
    EXPECT_NE(second.output.find("in use"), std::string::npos) << second.output;
    EXPECT_EQ(second.output.find("* listening"), std::string::npos) << "never another port in silence";
}

TEST(Chat, AnAddressThatIsNotHereIsAnError) {
    const Outcome outcome = run(listen_on("192.0.2.1"));
    EXPECT_EQ(outcome.status, 8);
    EXPECT_NE(outcome.output.find("192.0.2.1"), std::string::npos) << outcome.output;
}

TEST(Chat, AJoinThatReachesNobodyEndsWithALineForEachAddress) {
    std::string invite;
    {
        Program host{listen_on("127.0.0.1", {"--bind", "::1"})};
        invite = invite_of(host);
        host.say("/quit");
        host.wait();
    }
    Program guest{join_from_input()};
    guest.say(invite);
    EXPECT_EQ(guest.wait(), 4);
    const auto refused = [](std::string_view address) {
        return [address](const std::string& line) {
            return line.find("* tried " + std::string{address}) == 0 &&
                   line.find("connection refused") != std::string::npos;
        };
    };
    EXPECT_EQ(std::ranges::count_if(guest.lines(), refused("127.0.0.1:")), 1) << guest.transcript();
    EXPECT_EQ(std::ranges::count_if(guest.lines(), refused("[::1]:")), 1) << guest.transcript();
    EXPECT_EQ(guest.count("* session ended: no address of the other side could be reached"), 1U);
}

TEST(Chat, WithoutAnInviteBothAreUnverified) {
    Program host{listen_on("127.0.0.1", {"--open"})};
    const std::string port = port_of(host);
    host.wait_for("* open to everybody");
    Program guest{{"connect", "127.0.0.1:" + port, "--nick", "Alice"}};
    guest.wait_for("* connecting without an invite");
    guest.wait_for("* contact: unverified");
    host.wait_for("* contact: unverified");
    guest.wait_for("* connected");
    guest.say("hi");
    host.wait_for("<Alice> hi");
    EXPECT_EQ(host.count("* invite"), 0U);
    EXPECT_EQ(words_of(host), words_of(guest));
}

TEST(Chat, AListenerWithInvitesNeverAnswersAGuestWithoutOne) {
    Program host{listen_on("127.0.0.1")};
    Program guest{{"connect", "127.0.0.1:" + port_of(host)}};
    EXPECT_EQ(guest.wait(), 4);
    EXPECT_EQ(guest.count("it isn't the peer who answers there"), 1U) << guest.transcript();
    EXPECT_EQ(guest.count("* layer"), 0U);
    host.say("/status");
    host.wait_for("* link: waiting for a guest");
    EXPECT_EQ(host.count("* layer"), 0U);
}

TEST(Chat, AReusableInviteServesOneGuestAfterTheOther) {
    Pair pair{{"--reusable"}};
    pair.guest.say("I am the first");
    pair.host.wait_for("<Alice> I am the first");
    {
        Program busy{join_from_input()};
        busy.say(pair.invite);
        EXPECT_EQ(busy.wait(), 5);
        EXPECT_EQ(busy.count("* session ended: the other side is busy"), 1U) << busy.transcript();
    }
    EXPECT_EQ(pair.guest.wait_after_end_of_input(), 0);
    pair.host.wait_for("* waiting for the next guest");
    Program second{join_from_input({"--nick", "Carol"})};
    second.say(pair.invite);
    second.wait_for("* connected");
    second.say("I am the second");
    pair.host.wait_for("<Carol> I am the second");
    EXPECT_EQ(second.wait_after_end_of_input(), 0);
    pair.host.wait_for("* waiting for the next guest");
    EXPECT_EQ(pair.host.wait_after_end_of_input(), 0);
}

TEST(Chat, TheDemonstrationEndsWell) {
    const Outcome demo = run({"demo"});
    EXPECT_EQ(demo.status, 0) << demo.output;
    EXPECT_NE(demo.output.find("Alice | * contact: verified by the invite"), std::string::npos);
    EXPECT_NE(demo.output.find("Bob   | <Alice> Hello Bob"), std::string::npos);
    EXPECT_NE(demo.output.find("bytes sent"), std::string::npos);
}

TEST(Chat, TheDemonstrationAsksForNobodysIdentity) {
    const TemporaryFolder home;
    std::filesystem::create_directory(home.file("secure-p2p"));
    std::ofstream{home.file("secure-p2p/config.toml")} << "identity = \"file\"\nidentity-name = \"alice\"\n";
    const Outcome demo =
        run({"demo"}, {}, {"XDG_CONFIG_HOME=" + home.path(), "XDG_DATA_HOME=" + home.path()});
    EXPECT_EQ(demo.status, 0) << demo.output;
    EXPECT_NE(demo.output.find("Bob   | <Alice> Hello Bob"), std::string::npos) << demo.output;
}

}  // namespace
}  // namespace chat::test
