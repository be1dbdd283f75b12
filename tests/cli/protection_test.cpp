#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/exit_code.hpp"
#include "cli/program.hpp"
#include "process_protection/flavour.hpp"
#include "process_protection/landlock_linux.hpp"
#include "support/forked_child.hpp"

namespace chat::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* strace = "/usr/bin/strace";

std::string content(const std::filesystem::path& path) {
    std::ifstream file{path};
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
}

Outcome run_traced(std::vector<std::string> arguments, std::vector<std::string> environment = {}) {
    // LeakSanitizer is a tracer itself, and fails where another is.
    if (sanitized_build) environment.emplace_back("ASAN_OPTIONS=detect_leaks=0");
    std::vector<std::string> all{"-f", "-o", "/dev/null"};
    for (std::string& each : environment) {
        all.emplace_back("-E");
        all.push_back(std::move(each));
    }
    all.emplace_back(SECURE_P2P);
    all.insert(all.end(), arguments.begin(), arguments.end());
    Program program{strace, all};
    program.end_input();
    Outcome out;
    out.status = program.wait();
    for (const std::string& line : program.lines()) out.output += line + "\n";
    out.errors = program.errors();
    return out;
}

TEST(Protection, EveryThreadOfASessionIsConfined) {
    Pair pair;
    for (const int process : {pair.host.id(), pair.guest.id()}) {
        const std::string own = "/proc/" + std::to_string(process);
        int threads = 0;
        for (const auto& thread : std::filesystem::directory_iterator{own + "/task"}) {
            const std::string status = content(thread.path() / "status");
            EXPECT_THAT(status, HasSubstr("\nSeccomp:\t2\n")) << thread.path();
            EXPECT_THAT(status, HasSubstr("\nNoNewPrivs:\t1\n")) << thread.path();
            ++threads;
        }
        EXPECT_GT(threads, 1);
        EXPECT_THAT(content(own + "/limits"), testing::ContainsRegex("Max core file size +0 +0 "));
    }
}

TEST(Protection, StatusSaysWhatHolds) {
    Pair pair;
    pair.host.say("/status");
    std::string expected = "confined by: seccomp";
    if (const int abi = landlock::abi(); abi > 0 && !coverage_build)
        expected += ", Landlock (ABI " + std::to_string(abi) + ")";
    EXPECT_THAT(pair.host.wait_for("this process is confined"), HasSubstr(expected));
}

TEST(Protection, ATracerIsRefusedWithOneLine) {
    const Outcome outcome = run_traced({"listen", "--no-stun", "--bind", "127.0.0.1"});
    EXPECT_EQ(outcome.status, static_cast<int>(ExitCode::traced));
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(
        outcome.errors,
        "secure-p2p: a debugger or tracer watches this program, so no key would be secret; start it without "
        "one, or with --allow-debugger\n");
}

TEST(Protection, ATracerIsAllowedWithWarnings) {
    const Outcome outcome = run_traced(listen_on("127.0.0.1", {"--allow-debugger"}));
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_THAT(outcome.output, HasSubstr("* invite P2P1:"));
    EXPECT_THAT(outcome.errors, HasSubstr("warning: a debugger or tracer is attached"));
    EXPECT_THAT(outcome.errors, HasSubstr("warning: --allow-debugger: other programs of this user can read"));
}

TEST(Protection, AllowDebuggerIsAnOptionOfTheCommandLineOnly) {
    const TemporaryFolder folder;
    std::ofstream{folder.file("config.toml")} << "allow-debugger = true\n";
    const Outcome from_file = run({"--config", folder.file("config.toml"), "listen"});
    EXPECT_EQ(from_file.status, static_cast<int>(ExitCode::usage));
    const Outcome with_value = run({"listen", "--allow-debugger=false"});
    EXPECT_EQ(with_value.status, static_cast<int>(ExitCode::usage));
}

TEST(Protection, TheEnvironmentOfOthersDoesNotAllowADebugger) {
    const Outcome outcome = run_traced({"listen"}, {"SECURE_P2P_ALLOW_DEBUGGER=1"});
    EXPECT_EQ(outcome.status, static_cast<int>(ExitCode::traced));
}

/// As an ordinary user (root may do everything): can another process of that user read the program's memory?
bool same_user_can_read(std::vector<std::string> more) {
    const TemporaryFolder folder;
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
    const std::string copy = folder.file("secure-p2p");
    std::filesystem::copy_file(SECURE_P2P, copy);
    std::filesystem::permissions(copy, std::filesystem::perms{0755});
    std::vector<std::string> arguments = listen_on("127.0.0.1", std::move(more));
    std::string program = copy;
    const bool root = ::geteuid() == 0;
    constexpr uid_t nobody = 65534;
    if (root) {
        arguments.insert(arguments.begin(), {"--reuid=65534", "--regid=65534", "--clear-groups", copy});
        program = "/usr/bin/setpriv";
    }
    Program listener{program, arguments};
    listener.wait_for("* invite ");
    const ChildEnd look = in_child([&] {
        if (root && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) return 90;
        const std::string memory = "/proc/" + std::to_string(listener.id()) + "/mem";
        return ::open(memory.c_str(), O_RDONLY) >= 0 ? 1 : 0;
    });
    EXPECT_LT(look.status, 2);
    return look.status == 1;
}

TEST(Protection, AnotherProcessOfTheSameUserCantReadItsMemory) {
    EXPECT_FALSE(same_user_can_read({}));
    EXPECT_TRUE(same_user_can_read({"--allow-debugger"}));
}

TEST(Protection, TheInviteFileIsWrittenAlthoughTheProcessIsConfined) {
    const TemporaryFolder folder;
    for (int round = 0; round < 2; ++round) {  // not there, then there
        Program listener{listen_on("127.0.0.1", {"--invite-file", folder.file("invite")})};
        const std::string invite = invite_of(listener);
        listener.end_input();
        EXPECT_EQ(listener.wait(), 0);
        EXPECT_THAT(listener.transcript(), Not(HasSubstr("could not be written")));
        EXPECT_THAT(invite, HasSubstr(content(folder.file("invite"))));
    }
}

}  // namespace
}  // namespace chat::test
