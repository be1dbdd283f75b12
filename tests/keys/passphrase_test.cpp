/// How passphrases come in, and where they must never show.

#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/at_terminal.hpp"
#include "keys/identities.hpp"

namespace chat::test {
namespace {

constexpr int refused = 12;
const std::string secret = "correct horse 7a31";

class Passphrases : public Identities {
  protected:
    static AtTerminal at_terminal(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "identity");
        return AtTerminal{SECURE_P2P, arguments};
    }
    static bool echoes(const AtTerminal& terminal) { return (terminal.mode().c_lflag & tcflag_t{ECHO}) != 0; }

    /// A program that says `line` and what it was asked, and ends with `status`.
    [[nodiscard]] std::string askpass(const std::string& line, int status) const {
        std::string path = home.file("askpass");
        std::ofstream{path} << "#!/bin/sh\nprintf '%s' \"$1\" >\"$0.asked\"\nprintf '%s\\n' '" << line
                            << "'\nexit " << status << "\n";
        ::chmod(path.c_str(), 0700);
        return path;
    }
};

TEST_F(Passphrases, AreTypedTwiceAndNeverEchoed) {
    AtTerminal terminal = at_terminal({"create"});
    std::string seen = terminal.wait_for("New passphrase for identity default: ");
    EXPECT_FALSE(echoes(terminal));
    terminal.type(secret + "\n");
    seen += terminal.wait_for("again: ");
    EXPECT_FALSE(echoes(terminal));
    terminal.type(secret + "\n");
    seen += terminal.wait_for("contacts: 0");
    EXPECT_EQ(terminal.wait(), 0);
    EXPECT_EQ((seen + terminal.screen()).find("horse"), std::string::npos);
    EXPECT_EQ(identity({"show"}, secret).status, 0);
}

TEST_F(Passphrases, ShortOnesAreWarnedOfWhereAPersonTypes) {
    constexpr std::string_view warning = "so short a passphrase can be guessed";
    for (const bool is_short : {true, false}) {
        const std::string name = is_short ? "short" : "long";
        AtTerminal terminal = at_terminal({"create", "--identity-name", name});
        for (const char* each : {": ", "again: "}) {
            terminal.wait_for(each);
            terminal.type(is_short ? "elevenbytes\n" : "twelve bytes\n");
        }
        const std::string seen =
            terminal.wait_for("to use it: secure-p2p --identity file --identity-name " + name);
        EXPECT_EQ(terminal.wait(), 0);
        EXPECT_EQ(seen.find(warning) != std::string::npos, is_short) << seen;
    }
    EXPECT_EQ(identity({"create"}, "x").errors, "") << "a script's is its own matter";
}

TEST_F(Passphrases, ThatDifferMakeNothing) {
    AtTerminal terminal = at_terminal({"create"});
    terminal.wait_for("default: ");
    terminal.type("one\n");
    terminal.wait_for("again: ");
    terminal.type("two\n");
    terminal.wait_for("the second time differs");
    EXPECT_EQ(terminal.wait(), refused);
    EXPECT_FALSE(std::filesystem::exists(vault()));
}

/// A shell that looks at its terminal afterwards: the terminal of a program that is gone can't be looked at.
TEST_F(Passphrases, TheEchoComesBackHoweverThePromptEnds) {
    for (const std::string& keys :
         {std::string{"x\n"}, std::string{"\x03"}, std::string{"\x04\x04"}, std::string{"\x1C"}}) {
        AtTerminal terminal{
            "/bin/sh",
            {"-c", "trap : INT QUIT; \"$0\" identity create; echo ended $?; read more", SECURE_P2P}};
        terminal.wait_for("default: ");
        EXPECT_FALSE(echoes(terminal));
        terminal.type("half");
        terminal.type(keys);
        if (keys == "x\n") {
            terminal.wait_for("again: ");
            terminal.type("\x03");
        }
        terminal.wait_for("ended ");
        EXPECT_TRUE(echoes(terminal)) << keys;
        EXPECT_FALSE(std::filesystem::exists(vault()));
    }
}

TEST_F(Passphrases, ComeFromAnAskpassProgram) {
    const std::string program = askpass(secret, 0);
    ASSERT_EQ(run({"identity", "create", "--askpass", program}).status, 0);
    std::ifstream asked{program + ".asked"};
    std::string prompt;
    std::getline(asked, prompt);
    EXPECT_EQ(prompt, "New passphrase for identity default: ");
    EXPECT_EQ(identity({"show"}, secret).status, 0);
    expect_failure(run({"identity", "show", "--askpass", askpass(secret, 1)}), refused,
                   "askpass program gave no");
    expect_failure(run({"identity", "show", "--askpass", home.file("nothing")}), refused,
                   "askpass program gave no");
    expect_failure(run({"identity", "show", "--passphrase-fd", "77"}), refused, "not open for reading");
}

TEST_F(Passphrases, ANobodyToAskIsTold) {
    create();
    // setsid: without a terminal to open.
    Program lonely{"/usr/bin/setsid", {"--wait", SECURE_P2P, "identity", "show"}};
    EXPECT_EQ(lonely.wait_after_end_of_input(), refused);
    EXPECT_NE(lonely.errors().find("--passphrase-fd"), std::string::npos) << lonely.errors();
}

std::string read_whole(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

/// Arguments and environment of every process that can be looked at.
std::size_t processes_that_show(const std::string& text) {
    std::size_t out = 0;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        if (!std::filesystem::exists(entry.path() / "cmdline")) continue;
        const std::string shown = read_whole(entry.path() / "cmdline") + read_whole(entry.path() / "environ");
        if (shown.find(text) != std::string::npos) ++out;
    }
    return out;
}

TEST_F(Passphrases, ShowInNoListOfProcesses) {
    ASSERT_EQ(identity({"create"}, secret).status, 0);
    Program listener{
        {"--identity", "file", "--passphrase-fd", "0", "listen", "--no-stun", "--bind", "127.0.0.1"}};
    listener.say(secret);
    listener.wait_for("waiting for the guest");
    EXPECT_EQ(processes_that_show(secret), 0U);
    // The search finds what is there: the name of the role, and a passphrase given the wrong way.
    EXPECT_GE(processes_that_show("key-process"), 1U);
    Program careless{"/bin/sh", {"-c", "echo up; read line", secret}};
    careless.wait_for("up");
    EXPECT_EQ(processes_that_show(secret), 1U);
}

}  // namespace
}  // namespace chat::test
