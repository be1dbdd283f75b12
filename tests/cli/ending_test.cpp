/// Every way out of the program, and what its exit status says.

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>

#include "cli/program.hpp"

namespace chat::test {
namespace {

double seconds_until_end(Program& program, int& status) {
    const auto begin = std::chrono::steady_clock::now();
    status = program.wait();
    return Seconds{std::chrono::steady_clock::now() - begin}.count();
}

TEST(Ending, EndOfInputSendsWhatIsPendingAndWaitsForIt) {
    Program host{listen_on("127.0.0.1")};
    const std::string invite = invite_of(host);
    Program guest{join_from_input()};
    guest.say(invite);
    for (int i = 1; i <= 50; ++i) guest.say("line " + std::to_string(i));
    EXPECT_EQ(guest.wait_after_end_of_input(), 0);
    EXPECT_EQ(guest.count("* received by the other side: line 50"), 1U);
    host.wait_for("<Alice> line 50");
    EXPECT_EQ(host.wait(), 0);
}

TEST(Ending, AListenerWithNothingToSayLeavesAtTheEndOfInput) {
    const Outcome outcome = run(listen_on("127.0.0.1"));
    EXPECT_EQ(outcome.status, 0);
    EXPECT_NE(outcome.output.find("* end of input, and nobody came"), std::string::npos);
}

TEST(Ending, AGuestWithNothingToSayConnectsAndLeaves) {
    Program host{listen_on("127.0.0.1")};
    Program guest{join_from_input()};
    guest.say(invite_of(host));
    EXPECT_EQ(guest.wait_after_end_of_input(), 0);
    EXPECT_EQ(guest.count("* connected"), 1U);
}

TEST(Ending, LinesThatNobodyConfirmedAreCountedInAnExitStatusOfTheirOwn) {
    Pair pair{{}, {"--drain-for", "1s"}};
    pair.host.signal(SIGSTOP);
    for (int i = 0; i < 3; ++i) pair.guest.say("into the void");
    EXPECT_EQ(pair.guest.wait_after_end_of_input(), 6);
    EXPECT_EQ(pair.guest.count("* 3 lines were not delivered"), 1U) << pair.guest.transcript();
}

TEST(Ending, ALineThatCouldNotBeSentShowsInTheExitStatus) {
    Pair pair;
    pair.guest.say("not \xFF UTF-8");
    pair.guest.wait_for("* line 1: the text is not valid UTF-8; nothing was sent");
    pair.guest.say("but this is");
    EXPECT_EQ(pair.host.wait_for("<Alice> "), "<Alice> but this is");
    EXPECT_EQ(pair.guest.wait_after_end_of_input(), 6);
}

TEST(Ending, SignalsEndItCleanly) {
    for (const auto& [number, expected] : {std::pair{SIGINT, 130}, {SIGTERM, 143}, {SIGHUP, 129}}) {
        Pair pair;
        pair.guest.signal(number);
        EXPECT_EQ(pair.guest.wait(), expected);
        EXPECT_EQ(pair.guest.count("* session ended: you left"), 1U) << pair.guest.transcript();
        pair.host.wait_for("* session ended: the other side left");
        EXPECT_EQ(pair.host.wait(), 0);
    }
}

TEST(Ending, SignalsEndAWaitingListener) {
    Program host{listen_on("127.0.0.1")};
    host.wait_for("* waiting for the guest");
    host.signal(SIGINT);
    EXPECT_EQ(host.wait(), 130);
    EXPECT_EQ(host.count("* left before anybody was connected"), 1U);
}

TEST(Ending, SignalsEndAGuestThatWasAskedForItsInvite) {
    Program guest{{"join", "--invite-file", "-"}};
    EXPECT_THROW(guest.wait_for("nothing is said yet", Seconds{0.3}), std::runtime_error);
    guest.signal(SIGINT);
    EXPECT_EQ(guest.wait(), 128 + SIGINT);
}

TEST(Ending, ASecondSignalDoesNotWaitForTheOtherSide) {
    Pair pair;
    pair.host.signal(SIGSTOP);
    pair.guest.say("unanswered");
    pair.guest.say("/status");
    pair.guest.wait_for("* link: ");
    pair.guest.signal(SIGINT);
    pair.guest.signal(SIGTERM);
    int status = 0;
    EXPECT_LT(seconds_until_end(pair.guest, status), 1.0);
    EXPECT_TRUE(status == 130 || status == 143) << status;
}

TEST(Ending, AClosedStandardOutputEndsIt) {
    Pair pair;
    pair.guest.close_output();
    int status = 0;
    EXPECT_LT(seconds_until_end(pair.guest, status), 2.0) << "although nothing is printed";
    EXPECT_EQ(status, 9);
    pair.host.wait_for("* session ended: the other side left");
}

TEST(Ending, AClosedStandardOutputEndsItAlsoWhenThePeerIsSilent) {
    Pair pair;
    pair.host.signal(SIGSTOP);
    pair.guest.say("unanswered");
    pair.guest.close_output();
    int status = 0;
    EXPECT_LT(seconds_until_end(pair.guest, status), 2.0);
    EXPECT_EQ(status, 9);
}

TEST(Ending, AClosedStandardOutputEndsAWaitingListener) {
    Program host{listen_on("127.0.0.1")};
    host.wait_for("* waiting for the guest");
    host.close_output();
    int status = 0;
    EXPECT_LT(seconds_until_end(host, status), 2.0);
    EXPECT_EQ(status, 9);
}

TEST(Ending, AHangUpEndsItAlthoughThePeerIsSilent) {
    Pair pair;
    pair.host.signal(SIGSTOP);
    pair.guest.say("unanswered");
    pair.guest.signal(SIGHUP);
    int status = 0;
    EXPECT_LT(seconds_until_end(pair.guest, status), 2.0);
    EXPECT_EQ(status, 129);
}

TEST(Ending, QuitLeaves) {
    Pair pair;
    pair.host.say("/quit");
    EXPECT_EQ(pair.host.wait(), 0);
    pair.guest.wait_for("* session ended: the other side left");
    EXPECT_EQ(pair.guest.wait(), 0);
}

}  // namespace
}  // namespace chat::test
