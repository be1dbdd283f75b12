#include "secure_key_manager/isolation/service/service_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <system_error>

#include "key_process/process_table.hpp"
#include "support/test_process.hpp"

namespace chat::test {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::StartsWith;

constexpr std::chrono::milliseconds patience = 30s;

std::optional<BodySizes> any_size(u8) { return BodySizes{0, ServiceChannel::largest_body}; }

ServiceProcess::Setup in_role(std::string role, std::vector<std::string> environment = {}) {
    return {KEY_PROCESS_PROGRAM, std::move(role), std::move(environment)};
}

std::vector<std::string> inventory(const ServiceProcess::Setup& setup) {
    ServiceProcess helper{setup};
    const auto answer = helper.channel().receive(any_size, patience);
    EXPECT_TRUE(answer);
    std::vector<std::string> lines;
    std::istringstream text{answer ? std::string{answer->body.expose().begin(), answer->body.expose().end()}
                                   : std::string{}};
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    std::sort(lines.begin(), lines.end());
    return lines;
}

void expect_echo(ServiceProcess& helper) {
    ASSERT_TRUE(helper.channel().send(5, bytes_of("still there"), patience));
    const auto answer = helper.channel().receive(any_size, patience);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->kind, 5);
}

TEST(ServiceProcess, BeginsWithItsSocketAndNothingElse) {
    const int leak = ::dup(STDERR_FILENO);  // inherited, were it not closed
    ::setenv("SECRET_OF_THE_PARENT", "x", 1);
    ::setenv("ASKED_FOR", "y", 1);
    const auto lines = inventory(in_role("inventory", {"ASKED_FOR", "NOT_SET_ANYWHERE"}));
    ::close(leak);
    EXPECT_THAT(lines, ElementsAre("argument inventory", "descriptor 0 /dev/null", "descriptor 1 /dev/null",
                                   StartsWith("descriptor 2 "), StartsWith("descriptor 3 socket:"),
                                   "variable ASKED_FOR=y"));
}

TEST(ServiceProcess, MayBeDebuggedWhenItsParentMay) {
    ServiceProcess::Setup setup = in_role("inventory");
    setup.allow_debugger = true;
    EXPECT_THAT(inventory(setup), Contains("variable SECURE_P2P_ALLOW_DEBUGGER=1"));
}

TEST(ServiceProcess, WorksWhereStandardStreamsAreClosed) {
    const int saved = ::dup(STDIN_FILENO);
    ::close(STDIN_FILENO);  // the socket gets its number
    {
        ServiceProcess helper{in_role("echo")};
        expect_echo(helper);
    }
    ::dup2(saved, STDIN_FILENO);
    ::close(saved);
}

TEST(ServiceProcess, EndsWhenItsChannelDoes) {
    auto helper = std::make_unique<ServiceProcess>(in_role("echo"));
    expect_echo(*helper);
    const ProcessWatch watch{helper->id()};
    helper->channel().finish_sending();
    EXPECT_TRUE(watch.ends_within(patience));
    EXPECT_EQ(helper->finish(patience), (ProcessEnd{ProcessEnd::How::exited, 0}));
    EXPECT_EQ(helper->id(), -1);
    EXPECT_EQ(helper->finish(patience), (ProcessEnd{ProcessEnd::How::exited, 0}));
}

TEST(ServiceProcess, TellsItsExitStatus) {
    ServiceProcess helper{in_role("echo")};
    ASSERT_TRUE(helper.channel().send(0, Bytes{7}, patience));
    EXPECT_EQ(helper.channel().receive(any_size, patience).error(), ChannelError::closed);
    EXPECT_EQ(helper.finish(patience), (ProcessEnd{ProcessEnd::How::exited, 7}));
}

TEST(ServiceProcess, IsKilledWhenItHearsNothing) {
    auto helper = std::make_unique<ServiceProcess>(in_role("deaf"));
    ASSERT_TRUE(helper->channel().receive(any_size, patience));
    const ProcessWatch watch{helper->id()};
    helper.reset();
    EXPECT_TRUE(watch.ends_within(0ms));
}

TEST(ServiceProcess, ShowsThatItWasKilled) {
    ServiceProcess helper{in_role("echo")};
    expect_echo(helper);
    EXPECT_TRUE(helper.channel().idle());
    ::kill(helper.id(), SIGKILL);
    EXPECT_TRUE(helper.channel().wait(patience));
    EXPECT_FALSE(helper.channel().idle());
    EXPECT_EQ(helper.finish(patience), (ProcessEnd{ProcessEnd::How::signalled, SIGKILL}));
}

/// As a program that was started with SIGCHLD ignored has it.
TEST(ServiceProcess, IsDoneWithAProcessOfWhichTheSystemKeepsNoStatus) {
    const auto before = ::signal(SIGCHLD, SIG_IGN);
    {
        ServiceProcess helper{in_role("echo")};
        expect_echo(helper);
        helper.channel().finish_sending();
        EXPECT_EQ(helper.finish(patience), ProcessEnd{});
        ServiceProcess deaf{in_role("deaf")};
        ASSERT_TRUE(deaf.channel().receive(any_size, patience));
        const ProcessWatch watch{deaf.id()};
        EXPECT_EQ(deaf.finish(0ms), ProcessEnd{});
        EXPECT_TRUE(watch.ends_within(patience));
    }
    ::signal(SIGCHLD, before);
}

TEST(ServiceProcess, LeavesTheSignalsOfTheTerminalToItsParent) {
    ServiceProcess helper{in_role("echo")};
    expect_echo(helper);
    for (const int number : {SIGINT, SIGHUP, SIGTERM, SIGQUIT}) ::kill(helper.id(), number);
    expect_echo(helper);
}

TEST(ServiceProcess, IsNotStoppedByThemWhileItStarts) {
    for (int i = 0; i < 20; ++i) {
        ServiceProcess helper{in_role("echo")};
        for (const int number : {SIGINT, SIGHUP, SIGTERM}) ::kill(helper.id(), number);
        expect_echo(helper);
    }
}

TEST(ServiceProcess, DiesWithAParentThatIsKilled) {
    pid_t helper = 0;
    std::optional<ProcessWatch> watch;
    {
        TestProcess parent{"parent", KEY_PROCESS_PROGRAM, {"parent"}};
        helper = std::stoi(parent.rest_of_line("helper ", std::chrono::steady_clock::now() + patience));
        watch.emplace(helper);
        EXPECT_FALSE(watch->ends_within(0ms));
    }  // killed
    EXPECT_TRUE(watch->ends_within(patience));
}

TEST(ServiceProcess, ThatCantBeStartedIsAnError) {
    EXPECT_THROW(ServiceProcess({"/nonexistent/program", "echo", {}}), std::system_error);
}

TEST(ServiceProcess, SaysHowAProcessEnded) {
    EXPECT_EQ(describe(ProcessEnd{ProcessEnd::How::exited, 3}), "ended with status 3");
    EXPECT_EQ(describe(ProcessEnd{ProcessEnd::How::signalled, SIGKILL}), "killed by signal 9 (Killed)");
    EXPECT_THAT(describe(ProcessEnd{ProcessEnd::How::signalled, SIGSYS}), StartsWith("ended by its sandbox"));
    EXPECT_EQ(describe(ProcessEnd{}), "ended in a way that the system does not tell");
}

}  // namespace
}  // namespace chat::test
