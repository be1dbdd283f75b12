/// The whole program when the process that holds its identity's keys is killed, stopped or orphaned.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "app/exit_code.hpp"
#include "cli/program.hpp"
#include "key_process/process_table.hpp"

namespace chat::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr int keys_lost = static_cast<int>(ExitCode::keys_lost);

pid_t keys_of(const Program& program) { return child_in_role(program.id(), "key-process"); }

TEST(ChatKeys, StatusTellsWhereTheyAreAndWhatProtectsThem) {
    Program host{listen_on("127.0.0.1")};
    invite_of(host);
    host.say("/status");
    const std::string line = host.wait_for("its private keys:");
    EXPECT_THAT(line, HasSubstr("in a process of their own, without network and files (seccomp"));
    EXPECT_THAT(line, HasSubstr("nothing on disk"));
    EXPECT_EQ(host.wait_after_end_of_input(), 0);
}

TEST(ChatKeys, KilledWhileASessionIsIdleTheyEndItWithAReason) {
    Pair pair;
    ::kill(keys_of(pair.host), SIGKILL);
    EXPECT_THAT(pair.host.wait_for("* session ended"),
                HasSubstr("the key process was killed by signal 9 (Killed)"));
    EXPECT_EQ(pair.host.wait(), keys_lost);
    pair.guest.wait_for("* session ended: the other side left");
    EXPECT_EQ(pair.guest.wait(), 0);
}

TEST(ChatKeys, KilledWhileNobodyIsThereTheyEndTheProgram) {
    Program host{listen_on("127.0.0.1")};
    invite_of(host);
    ::kill(keys_of(host), SIGKILL);
    EXPECT_THAT(host.wait_for("* session ended"), HasSubstr("killed by signal 9"));
    EXPECT_EQ(host.wait(), keys_lost);
}

/// A host whose key process stops before the handshake needs it.
struct StoppedHost {
    StoppedHost() {
        ::kill(keys, SIGSTOP);
        guest.say(invite);
    }
    Program host{listen_on("127.0.0.1")};
    std::string invite = invite_of(host);
    pid_t keys = keys_of(host);
    Program guest{join_from_input()};
};

TEST(ChatKeys, StoppedInAHandshakeTheyAreWaitedForAndThenGivenUp) {
    StoppedHost stopped;
    const ProcessWatch watch{stopped.keys};
    EXPECT_THAT(stopped.host.wait_for("* session ended"), HasSubstr("does not answer"));
    EXPECT_EQ(stopped.host.wait(), keys_lost);
    EXPECT_TRUE(watch.ends_within(0ms));
}

TEST(ChatKeys, KilledInAHandshakeTheyEndItWithAReason) {
    StoppedHost stopped;
    // TLS stands for the guest; what the host does next is to have its bundle signed.
    stopped.guest.wait_for("* layer 2");
    ::kill(stopped.keys, SIGKILL);
    EXPECT_THAT(stopped.host.wait_for("* session ended"), HasSubstr("killed by signal 9"));
    EXPECT_EQ(stopped.host.wait(), keys_lost);
}

TEST(ChatKeys, TheyAreGoneWithAProgramThatIsKilled) {
    Program host{listen_on("127.0.0.1")};
    invite_of(host);
    const ProcessWatch watch{keys_of(host)};
    EXPECT_FALSE(watch.ends_within(0ms));
    ::kill(host.id(), SIGKILL);
    EXPECT_TRUE(watch.ends_within(30s));
}

TEST(ChatKeys, TheyAreGoneWithAProgramThatIsKilledWhileTheyAreStopped) {
    Program host{listen_on("127.0.0.1")};
    invite_of(host);
    const pid_t keys = keys_of(host);
    const ProcessWatch watch{keys};
    ::kill(keys, SIGSTOP);
    ::kill(host.id(), SIGKILL);
    EXPECT_TRUE(watch.ends_within(30s));
}

TEST(ChatKeys, SignalsOfTheTerminalLeaveThemUntilTheSessionHasEnded) {
    Pair pair;
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::kill(keys_of(pair.host), number);
    pair.host.say("/rotate");
    pair.guest.wait_for("identity was rotated");
    pair.host.signal(SIGINT);
    pair.guest.wait_for("* session ended: the other side left");
    EXPECT_EQ(pair.host.wait(), static_cast<int>(ExitCode::interrupted));
}

TEST(ChatKeys, NobodyElseBecomesTheKeyProcess) { EXPECT_EQ(run({"key-process"}).status, 2); }

}  // namespace
}  // namespace chat::test
