#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "cli/program.hpp"
#include "persistence/disk_writes.hpp"

namespace chat::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* strace = "/usr/bin/strace";

std::vector<std::string> traced(const std::string& trace, const std::string& program,
                                const std::vector<std::string>& arguments) {
    std::vector<std::string> out = strace_arguments(trace);
    out.push_back(program);
    out.insert(out.end(), arguments.begin(), arguments.end());
    return out;
}

struct Traces {
    std::vector<std::string> writes;
    std::string all;
};

Traces read(const std::string& file) {
    std::ifstream in{file};
    std::ostringstream text;
    text << in.rdbuf();
    std::istringstream lines{text.str()};
    return {disk_writes(lines), text.str()};
}

/// A session of two processes and all that they start, with texts both ways, a rotation, /status and /security.
struct Session {
    explicit Session(const std::vector<std::string>& more = {}) {
        std::vector<std::string> host_arguments = listen_on("127.0.0.1", {"--allow-debugger"});
        host_arguments.insert(host_arguments.end(), more.begin(), more.end());
        Program host_program{strace, traced(folder.file("host"), SECURE_P2P, host_arguments)};
        Program guest_program{
            strace, traced(folder.file("guest"), SECURE_P2P, join_from_input({"--allow-debugger"}))};
        guest_program.say(invite_of(host_program));
        guest_program.wait_for("* connected");
        guest_program.say("leave no trace");
        host_program.wait_for("leave no trace");
        host_program.say("nor here");
        guest_program.wait_for("nor here");
        host_program.say("/rotate");
        guest_program.wait_for("identity was rotated");
        guest_program.say("/status");
        guest_program.say("/security");
        EXPECT_EQ(guest_program.wait_after_end_of_input(), 0) << guest_program.transcript();
        EXPECT_EQ(host_program.wait(), 0) << host_program.transcript();
        host = read(folder.file("host"));
        guest = read(folder.file("guest"));
    }

    TemporaryFolder folder;
    Traces host;
    Traces guest;
};

TEST(Persistence, ADefaultSessionLeavesNothingOnDisk) {
    const Session session;
    EXPECT_THAT(session.host.writes, IsEmpty());
    EXPECT_THAT(session.guest.writes, IsEmpty());
    // The traces are whole: both begin with the program's start, go on in its helper, and show the chat on its way to the screen.
    for (const std::string& all : {session.host.all, session.guest.all}) {
        EXPECT_THAT(all, HasSubstr("execve(\"" SECURE_P2P "\""));
        EXPECT_THAT(all, HasSubstr("key-process"));
    }
    EXPECT_THAT(session.host.all, HasSubstr("leave no trace"));
    EXPECT_THAT(session.guest.all, HasSubstr("nor here"));
}

TEST(Persistence, TheInviteFileIsFound) {
    const TemporaryFolder folder;
    const Session session{{"--invite-file", folder.file("invite")}};
    ASSERT_THAT(session.host.writes, Not(IsEmpty()));
    EXPECT_THAT(session.host.writes, Each(HasSubstr(folder.file("invite"))));
    EXPECT_THAT(session.host.writes, Contains(AllOf(HasSubstr("O_CREAT"), HasSubstr("open"))));
    EXPECT_THAT(session.host.writes, Contains(HasSubstr(" write(")));
    EXPECT_THAT(session.guest.writes, IsEmpty());
}

/// What a shell does in a folder of its own, where there is a file `data`.
std::vector<std::string> writes_of(const std::string& commands) {
    const TemporaryFolder folder;
    const TemporaryFolder work;
    std::ofstream{work.file("data")} << "some";
    const std::string all = "cd " + work.path() + " && " + commands;
    Program shell{strace, traced(folder.file("trace"), "/bin/sh", {"-c", all})};
    EXPECT_EQ(shell.wait(), 0) << shell.errors();
    return read(folder.file("trace")).writes;
}

TEST(Persistence, EveryWayOfWritingIsFound) {
    for (const char* const commands : {"echo x > file", "echo x >> data", "mkdir folder", "mv data other",
                                       "ln data hard", "ln -s data soft", "mkfifo fifo", "truncate -s 0 data",
                                       "rm -f data", "chmod 600 data", "touch -d @0 data", "cp data copy"})
        EXPECT_THAT(writes_of(commands), Not(IsEmpty())) << commands;
}

TEST(Persistence, WhatLeavesNothingIsNotTakenForWriting) {
    for (const char* const commands :
         {"cat /etc/hostname", "echo x > /dev/null", "echo x | cat", "ls -l / > /dev/null"})
        EXPECT_THAT(writes_of(commands), IsEmpty()) << commands;
}

}  // namespace
}  // namespace chat::test
