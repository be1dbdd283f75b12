/// The program at a real terminal (a pseudo-terminal): what is typed stays whole, and the terminal is put back on every way out.

#include <gtest/gtest.h>
#include <signal.h>
#include <termios.h>

#include <cstdlib>

#include "cli/at_terminal.hpp"
#include "cli/program.hpp"

namespace chat::test {
namespace {

struct WithPeer {
    Program host{listen_on("127.0.0.1")};
    AtTerminal guest{SECURE_P2P, {"join", "--nick", "Alice"}};

    WithPeer() {
        guest.wait_for("Paste the invite");
        before = guest.mode();
        guest.type(invite_of(host) + "\n");
        guest.wait_for("connected: all four layers stand");
        host.wait_for("* connected");
    }
    void expect_restored() const {
        const termios after = guest.mode();
        EXPECT_EQ(after.c_lflag, before.c_lflag);
        EXPECT_EQ(after.c_iflag, before.c_iflag);
        EXPECT_EQ(after.c_oflag, before.c_oflag);
        EXPECT_EQ(after.c_cc[VSUSP], before.c_cc[VSUSP]);
        EXPECT_NE(guest.screen().find("\x1B[?2004l"), std::string::npos) << "bracketed paste is off again";
    }
    termios before{};
};

TEST(Terminal, APeersLineLeavesTheDraftWhole) {
    WithPeer pair;
    EXPECT_EQ(pair.guest.mode().c_lflag & static_cast<tcflag_t>(ICANON | ECHO), 0U);
    pair.guest.type("half a ");
    pair.guest.wait_for("> half a ");
    pair.host.say("an interruption");
    const std::string drawn = pair.guest.wait_for("> half a ");
    EXPECT_NE(drawn.find("\r\x1B[K"), std::string::npos) << "the row is cleared before the line is printed";
    EXPECT_NE(drawn.find(" an interruption\r\n"), std::string::npos) << drawn;
    pair.guest.type("line\r");
    EXPECT_EQ(pair.host.wait_for("<Alice> "), "<Alice> half a line");
    pair.guest.wait_for("<Alice>");
    pair.guest.wait_for(" half a line\r\n");
}

TEST(Terminal, APasteIsOneText) {
    WithPeer pair;
    pair.guest.type("\x1B[200~one\rtwo\r\x1B[201~\r");
    EXPECT_EQ(pair.host.wait_for("<Alice> "), "<Alice> one \u21B5 two \u21B5 ");
}

TEST(Terminal, ABareEnterSaysNothing) {
    WithPeer pair;
    pair.guest.type("\r\r \x7F\rnow\r");
    EXPECT_EQ(pair.host.wait_for("<Alice> "), "<Alice> now");
}

TEST(Terminal, FactsStandOneInARow) {
    Program host{listen_on("127.0.0.1")};
    AtTerminal guest{SECURE_P2P, {"join"}};
    guest.wait_for("Paste the invite");
    guest.type(invite_of(host) + "\n");
    guest.wait_for("layer 2, TLS 1.3");
    const std::string version = guest.wait_for("version: TLSv1.3");
    EXPECT_NE(version.find("\r\n"), std::string::npos) << version;
    const std::string agreement = guest.wait_for("key agreement: SecP384r1MLKEM1024");
    EXPECT_NE(agreement.find("\r\n"), std::string::npos) << agreement;
}

TEST(Terminal, NoColorMeansNoColours) {
    ::setenv("NO_COLOR", "1", 1);
    AtTerminal host{SECURE_P2P, listen_on("127.0.0.1")};
    const std::string shown = host.wait_for("waiting for the guest");
    ::unsetenv("NO_COLOR");
    EXPECT_EQ(shown.find("\x1B[9"), std::string::npos);
    EXPECT_EQ(shown.find("\x1B[1;"), std::string::npos);
}

TEST(Terminal, PlainNeverEditsOrColours) {
    AtTerminal host{SECURE_P2P, listen_on("127.0.0.1", {"--plain"})};
    const std::string shown = host.wait_for("* waiting for the guest");
    EXPECT_EQ(shown.find('\x1B'), std::string::npos) << shown;
    EXPECT_NE(host.mode().c_lflag & static_cast<tcflag_t>(ICANON), 0U);
}

TEST(Terminal, IsPutBackAfterQuit) {
    WithPeer pair;
    pair.guest.type("/quit\r");
    EXPECT_EQ(pair.guest.wait(), 0);
    pair.expect_restored();
}

TEST(Terminal, IsPutBackAfterTheEndOfInput) {
    WithPeer pair;
    pair.guest.type("\x04");
    EXPECT_EQ(pair.guest.wait(), 0);
    pair.expect_restored();
}

TEST(Terminal, IsPutBackAfterCtrlC) {
    WithPeer pair;
    pair.guest.type("draft\x03");
    EXPECT_EQ(pair.guest.wait(), 130);
    pair.expect_restored();
}

TEST(Terminal, IsPutBackAfterSignals) {
    for (const int number : {SIGTERM, SIGSEGV, SIGABRT, SIGQUIT}) {
        WithPeer pair;
        pair.guest.signal(number);
        EXPECT_EQ(pair.guest.wait(), 128 + number);
        pair.expect_restored();
    }
}

TEST(Terminal, ThePeerLeavingPutsItBack) {
    WithPeer pair;
    pair.host.say("/quit");
    pair.guest.wait_for("session ended: the other side left");
    EXPECT_EQ(pair.guest.wait(), 0);
    pair.expect_restored();
}

TEST(Terminal, AClosedWindowEndsTheProgramWithin2Seconds) {
    WithPeer pair;
    const auto begin = std::chrono::steady_clock::now();
    pair.guest.hang_up();
    EXPECT_EQ(pair.guest.wait(), 129);
    EXPECT_LT(Seconds{std::chrono::steady_clock::now() - begin}.count(), 2.0);
    pair.host.wait_for("* session ended: the other side left");
}

TEST(Terminal, LeavingWithUndeliveredLinesIsAskedTwice) {
    WithPeer pair;
    pair.host.signal(SIGKILL);
    pair.guest.wait_for("connection lost");
    pair.guest.type("unheard\r");
    pair.guest.wait_for("[1 not delivered] > ");
    pair.guest.type("/quit\r");
    pair.guest.wait_for("1 line is not delivered");
    pair.guest.type("/quit\r");
    pair.guest.wait_for("1 line was not delivered");
    EXPECT_EQ(pair.guest.wait(), 6);
}

TEST(Terminal, CtrlCAtTheQuestionForTheInviteLeaves) {
    AtTerminal guest{SECURE_P2P, {"join"}};
    guest.wait_for("Paste the invite");
    guest.type("\x03");
    EXPECT_EQ(guest.wait(), 130);
}

}  // namespace
}  // namespace chat::test
