/// What happens on this machine that ends a session at once: a tracer, a key process whose memory was damaged.

#include <gtest/gtest.h>
#include <sys/ptrace.h>

#include <csignal>
#include <fstream>

#include "app/exit_code.hpp"
#include "cli/program.hpp"

namespace chat::test {
namespace {

int status_of(ExitCode code) { return static_cast<int>(code); }

/// Attaches to a process without stopping it.
bool attach(int process) { return ::ptrace(PTRACE_SEIZE, process, nullptr, nullptr) == 0; }

TEST(Tracer, ThatAttachesDuringASessionEndsIt) {
    Pair pair;
    if (!attach(pair.host.id())) {
        EXPECT_EQ(errno, EPERM) << "only whoever may trace everything can attach";
        return;
    }
    pair.host.wait_for("* session ended: SECURITY ALARM: tracer attached");
    pair.guest.wait_for("* session ended: the other side left");
    ::ptrace(PTRACE_DETACH, pair.host.id(), nullptr, nullptr);
}

/// The one child of a process of the program that has no device.
int key_process_of(int parent) {
    const std::string own = std::to_string(parent);
    std::ifstream children{"/proc/" + own + "/task/" + own + "/children"};
    int child = 0;
    EXPECT_TRUE(children >> child);
    return child;
}

TEST(Canary, ThatBreaksInTheKeyProcessIsAnAlarm) {
    Pair pair;
    ASSERT_EQ(::kill(key_process_of(pair.host.id()), SIGABRT), 0);
    pair.host.wait_for("* session ended: SECURITY ALARM: memory canary broken (the key process ended itself");
    EXPECT_EQ(pair.host.wait(), status_of(ExitCode::security_alarm)) << pair.host.transcript();
    pair.guest.wait_for("* session ended: the other side left");
}

TEST(Tracer, ThatIsAllowedIsWarnedOfOnly) {
    Pair pair{{"--allow-debugger"}};
    ASSERT_TRUE(attach(pair.host.id())) << errno;
    pair.host.wait_for("* security warning: tracer attached (allowed)");
    pair.guest.say("all the same");
    pair.host.wait_for("<Alice> all the same");
    ::ptrace(PTRACE_DETACH, pair.host.id(), nullptr, nullptr);
}

}  // namespace
}  // namespace chat::test
