/// The command line and the configuration file.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/program.hpp"

namespace chat::test {
namespace {

TEST(Options, VersionNamesTheLibraries) {
    const Outcome outcome = run({"--version"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_TRUE(outcome.output.starts_with("secure-p2p ")) << outcome.output;
    EXPECT_NE(outcome.output.find("OpenSSL 3."), std::string::npos) << outcome.output;
    EXPECT_NE(outcome.output.find("libsodium "), std::string::npos) << outcome.output;
    EXPECT_EQ(std::ranges::count(outcome.output, '\n'), 1);
}

TEST(Options, HelpNamesCommandsAndOptions) {
    const Outcome outcome = run({"--help"});
    EXPECT_EQ(outcome.status, 0);
    for (const char* each : {"listen",         "join",
                             "connect",        "demo",
                             "--nick",         "--plain",
                             "--log-level",    "--resume-for",
                             "--rotate-every", "--cover",
                             "--deniable",     "--drain-for",
                             "--bind",         "--port",
                             "--advertise",    "--stun",
                             "--no-stun",      "--expires",
                             "--reusable",     "--config",
                             "--identity",     "--require-hardware",
                             "--contact",      "identity",
                             "doctor"}) {
        EXPECT_NE(outcome.output.find(each), std::string::npos) << each;
    }
    const Outcome join = run({"join", "--help"});
    EXPECT_EQ(join.status, 0);
    for (const char* each : {"--invite-file", "--via"})
        EXPECT_NE(join.output.find(each), std::string::npos) << each;
}

TEST(Options, AWrongOneIsOneLineAndExitStatus2) {
    const std::vector<std::vector<std::string>> wrong = {
        {"--bogus"},
        {"frobnicate"},
        {"listen", "--port", "65536"},
        {"listen", "--port", "-1"},
        {"listen", "--port", "http"},
        {"listen", "--bind", "nowhere"},
        {"listen", "--advertise", "host"},
        {"listen", "--advertise", "host:0"},
        {"listen", "--stun", "a b"},
        {"listen", "--expires", "0s"},
        {"listen", "--expires", "soon"},
        {"listen", "--cover", "1001"},
        {"listen", "--cover", "0"},
        {"listen", "--resume-for", "2d"},
        {"listen", "--nick", std::string(65, 'x')},
        {"listen", "--nick", "\xFF"},
        {"listen", "--log-level", "loud"},
        {"join", "--via", "host"},
        {"connect"},
        {"connect", "host"},
        {"listen", "join"},
        {"--config", "/nonexistent", "listen"},
    };
    for (const auto& arguments : wrong) {
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.status, 2) << testing::PrintToString(arguments);
        EXPECT_EQ(outcome.output, "") << testing::PrintToString(arguments);
        EXPECT_TRUE(outcome.errors.starts_with("secure-p2p: ")) << outcome.errors;
        EXPECT_EQ(std::ranges::count(outcome.errors, '\n'), 1) << outcome.errors;
    }
}

class ConfigurationFile : public testing::Test {
  protected:
    Outcome listen_with(std::string_view content, std::vector<std::string> more = {}) {
        std::filesystem::create_directories(folder.file("secure-p2p"));
        std::ofstream{folder.file("secure-p2p/config.toml")} << content;
        std::vector<std::string> arguments = {"listen"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(arguments, "/quit", {"XDG_CONFIG_HOME=" + folder.path()});
    }

    TemporaryFolder folder;
};

TEST_F(ConfigurationFile, SetsWhatTheCommandLineCouldSet) {
    const Outcome outcome = listen_with(
        "# ours\nno-stun = true\nbind = [\"127.0.0.1\", \"::1\"]\nport = 0\nexpires = \"90m\"\nreusable = "
        "true\n"
        "advertise = [\"peer.example:7000\"]\n");
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    for (const char* each :
         {"* listening on 127.0.0.1:", "* listening on [::1]:", "several guests within 90 min",
          "* the invite tells this address: peer.example:7000"}) {
        EXPECT_NE(outcome.output.find(each), std::string::npos) << each << "\n" << outcome.output;
    }
}

TEST_F(ConfigurationFile, TheCommandLineWins) {
    const Outcome outcome = listen_with("no-stun = true\nbind = \"127.0.0.1\"\nexpires = \"2h\"\n",
                                        {"--expires", "3h", "--bind", "::1"});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_NE(outcome.output.find("within 3 h"), std::string::npos) << outcome.output;
    EXPECT_NE(outcome.output.find("* listening on [::1]:"), std::string::npos) << outcome.output;
    EXPECT_EQ(outcome.output.find("127.0.0.1"), std::string::npos) << outcome.output;
}

TEST_F(ConfigurationFile, AnErrorIsOneLineThatSaysWhere) {
    struct Case {
        std::string content;
        std::string says;
    };
    for (const Case& each :
         {Case{"nick = \n", "line 1"}, Case{"no-stun = true\nport = = 1\n", "line 2"},
          Case{"nik = \"Bob\"\n", "unknown name: nik"}, Case{"identity = \"fiel\"\n", "choose memory, file"},
          Case{"nick = 1.5\n", "'nick' has to be"}, Case{"port = \"x\"\n", "port"},
          Case{"port = 70000\n", "port"}, Case{"expires = \"soon\"\n", "soon"},
          Case{"[listen]\nopen = true\n", "listen"}}) {
        const Outcome outcome = listen_with(each.content, {"--no-stun", "--bind", "127.0.0.1"});
        EXPECT_EQ(outcome.status, 2) << each.content;
        EXPECT_NE(outcome.errors.find(each.says), std::string::npos) << each.content << outcome.errors;
        EXPECT_EQ(std::ranges::count(outcome.errors, '\n'), 1) << outcome.errors;
    }
}

TEST_F(ConfigurationFile, AnotherOneCanBeNamed) {
    const std::string path = folder.file("mine.toml");
    std::ofstream{path} << "no-stun = true\nbind = \"127.0.0.1\"\nexpires = \"5h\"\n";
    const Outcome outcome = run({"--config", path, "listen"}, "/quit");
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_NE(outcome.output.find("within 5 h"), std::string::npos) << outcome.output;
}

TEST(Options, LogsGoToStandardErrorAtTheLevelAskedFor) {
    Pair quiet;
    quiet.guest.say("a secret text");
    quiet.host.wait_for("a secret text");
    quiet.guest.wait_after_end_of_input();
    quiet.host.wait_after_end_of_input();
    EXPECT_EQ(quiet.host.errors(), "");

    Pair loud{{"--log-level", "trace"}, {"--log-level", "trace"}};
    loud.guest.say("a secret text");
    loud.host.wait_for("a secret text");
    loud.guest.wait_after_end_of_input();
    loud.host.wait_after_end_of_input();
    EXPECT_EQ(loud.host.errors().find("secret text"), std::string::npos);
    EXPECT_EQ(loud.host.errors().find("P2P1"), std::string::npos);
    EXPECT_EQ(loud.host.count("[trace]"), 0U);
}

}  // namespace
}  // namespace chat::test
