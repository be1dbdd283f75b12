/// The connection goes away, and comes back without anybody doing anything.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>

#include "cli/program.hpp"
#include "cli/tcp_relay.hpp"

namespace chat::test {
namespace {

struct RelayedPair {
    Program host{listen_on("127.0.0.1")};
    TcpRelay relay{port_of(host)};
    Program guest{join_from_input({"--via", "127.0.0.1:" + relay.port()})};

    RelayedPair() {
        guest.say(invite_of(host));
        guest.wait_for("* connected");
        host.wait_for("* connected");
    }
};

/// The lines of the peer that `program` was shown, in order.
std::vector<std::string> said_to(const Program& program) {
    std::vector<std::string> out;
    std::ranges::copy_if(program.lines(), std::back_inserter(out),
                         [](const std::string& line) { return line.starts_with("<"); });
    return out;
}

std::vector<std::string> expected_lines(std::string_view name, int count) {
    std::vector<std::string> out;
    for (int i = 0; i < count; ++i) out.push_back("<" + std::string{name} + "> line " + std::to_string(i));
    return out;
}

TEST(Resume, FiveCutsInARowLoseAndDoubleNothing) {
    RelayedPair pair;
    constexpr int lines_each = 10;
    int next = 0;
    for (int round = 0; round < 5; ++round) {
        for (int i = 0; i < lines_each; ++i, ++next) {
            if (i == lines_each / 2) pair.relay.cut();
            pair.guest.say("line " + std::to_string(next));
            pair.host.say("line " + std::to_string(next));
        }
        pair.guest.wait_for("* connection resumed, nothing was lost");
        pair.host.wait_for("* connection resumed, nothing was lost");
    }
    const std::string last = "* received by the other side: line " + std::to_string(next);
    pair.guest.wait_for(last);
    pair.host.wait_for(last);
    EXPECT_EQ(pair.guest.wait_after_end_of_input(), 0);
    pair.host.wait_for("* session ended");
    EXPECT_EQ(pair.host.wait(), 0);
    EXPECT_EQ(said_to(pair.host), expected_lines("Alice", next)) << pair.host.transcript();
    EXPECT_EQ(said_to(pair.guest), expected_lines("Bob", next)) << pair.guest.transcript();
}

TEST(Resume, TheLossAndTheReturnAreTold) {
    RelayedPair pair;
    pair.relay.cut();
    pair.guest.wait_for("* connection lost: ");
    pair.guest.say("/reconnect");
    pair.guest.wait_for("* connection resumed");
    pair.guest.say("/status");
    pair.guest.wait_for("* link: online");
    pair.guest.wait_for("resumptions 1");
}

TEST(Resume, AHostThatIsGoneForGoodIsGivenUpInTheTimeAskedFor) {
    Program host{listen_on("127.0.0.1")};
    Program guest{join_from_input({"--resume-for", "2s"})};
    guest.say(invite_of(host));
    guest.wait_for("* connected");
    host.signal(SIGKILL);
    guest.wait_for("* connection lost: ");
    guest.say("never to be read");
    EXPECT_EQ(guest.wait(Seconds{20}), 7);
    EXPECT_EQ(guest.count("* 1 line was not delivered"), 1U) << guest.transcript();
}

}  // namespace
}  // namespace chat::test
