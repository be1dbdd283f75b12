/// What is typed with a slash.

#include <gtest/gtest.h>

#include "cli/program.hpp"

namespace chat::test {
namespace {

TEST(Commands, HelpNamesEveryCommand) {
    Program host{listen_on("127.0.0.1")};
    host.say("/help");
    for (const char* each : {"/verify ", "/verify yes", "/verify no", "/status", "/security", "/rotate",
                             "/reconnect", "/quit", "//text"}) {
        host.wait_for(std::string{"* "} + each);
    }
}

TEST(Commands, StatusSaysWhereThingsStand) {
    Program host{listen_on("127.0.0.1")};
    host.say("/status");
    host.wait_for("* link: waiting for a guest");
    Pair pair;
    pair.guest.say("/status");
    pair.guest.wait_for("* link: online");
    pair.guest.wait_for("* your identity: ");
    pair.guest.wait_for("* other side: Bob, ");
    pair.guest.wait_for("* contact: verified by the invite");
    pair.guest.wait_for("* words to compare: ");
    pair.guest.wait_for("* 0 lines not yet received by the other side");
}

TEST(Commands, SecurityCountsWhatWasRefused) {
    Pair pair;
    pair.host.say("/security");
    pair.host.wait_for("* cell refused: 0");
    pair.host.wait_for("* strangers' connections held now: 0");
}

TEST(Commands, SecurityTellsWhereSecretsLie) {
    Pair pair{{"--allow-hibernation"}};
    pair.host.say("/security");
    const std::string ordinary = pair.host.wait_for("* memory of secrets: ");
    EXPECT_NE(ordinary.find("regions locked"), std::string::npos) << ordinary;
    EXPECT_EQ(ordinary.find("memfd_secret"), std::string::npos) << ordinary;
    pair.guest.say("/security");
    const std::string best = pair.guest.wait_for("* memory of secrets: ");
    EXPECT_NE(best.find("KiB of guarded memory"), std::string::npos) << best;
    EXPECT_EQ(best.find("NOT locked"), std::string::npos) << best;
}

TEST(Commands, WordsThatAreEqualVerifyTheContactForGood) {
    Pair pair;
    pair.host.say("/verify yes");
    pair.host.wait_for("* contact: verified: you compared the words");
    pair.host.say("/status");
    pair.host.wait_for("* link: online");
    pair.host.wait_for("* contact: verified: you compared the words");
}

TEST(Commands, WordsThatDifferEndTheSessionAtOnce) {
    Pair pair;
    pair.guest.say("/verify no");
    pair.guest.wait_for("* contact: WORDS DIFFER");
    pair.guest.wait_for("* session ended");
    pair.host.wait_for("* session ended");
    pair.guest.wait();
}

TEST(Commands, VerifyAloneAcceptsNothing) {
    Pair pair;
    for (const char* each : {"/verify", "/verify ", "/verify maybe"}) {
        pair.guest.say(each);
        pair.guest.wait_for("* compare these words");
        pair.guest.wait_for("* type /verify yes");
    }
    EXPECT_EQ(pair.guest.count("contact: verified: "), 0U);
    EXPECT_EQ(pair.guest.count("WORDS DIFFER"), 0U);
}

TEST(Commands, RotateReplacesTheIdentityWithProof) {
    Pair pair;
    pair.guest.say("/rotate");
    pair.host.wait_for("* the other side's identity was rotated, with proof");
    pair.guest.wait_for("* your identity was rotated, with proof");
    pair.guest.say("still me");
    pair.host.wait_for("<Alice> still me");
}

TEST(Commands, SayWhenThereIsNothingToDo) {
    Program host{listen_on("127.0.0.1")};
    host.say("/verify yes");
    host.wait_for("* nobody is connected yet");
    host.say("/rotate");
    host.wait_for("* nobody is connected yet");
    host.say("/reconnect");
    host.wait_for("* waiting for a guest; there is nobody to dial");
    Pair pair;
    pair.guest.say("/reconnect");
    pair.guest.wait_for("* the connection stands; nothing to do");
}

TEST(Commands, AnUnknownOneIsNotSaidToThePeer) {
    Pair pair;
    for (const char* each : {"/foo", "/", "/HELP", "/quit now"}) {
        pair.guest.say(each);
        pair.guest.wait_for(std::string{"* no such command: "} + each);
    }
    pair.guest.say("after");
    EXPECT_EQ(pair.host.wait_for("<Alice> "), "<Alice> after");
}

}  // namespace
}  // namespace chat::test
