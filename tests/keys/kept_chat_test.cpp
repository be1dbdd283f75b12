/// Whole chats with identities that are kept: the same person comes back.

#include "keys/identities.hpp"

namespace chat::test {
namespace {

/// Both in one folder, under two names.
struct KeptPair {
    KeptPair()
        : host{listen_on("127.0.0.1",
                         {"--identity", "file", "--identity-name", "bob", "--passphrase-fd", "0"})} {
        host.say("open sesame");
        guest.say("open sesame");
        guest.say(invite_of(host));
        guest.wait_for("* connected");
        host.wait_for("* connected");
    }
    Program host;
    Program guest{
        join_from_input({"--identity", "file", "--identity-name", "alice", "--passphrase-fd", "0"})};
};

class KeptChat : public Identities {
  protected:
    std::string bob = create("bob");
    std::string alice = create("alice");
};

TEST_F(KeptChat, TheSameTwoMeetTwice) {
    for (int run = 0; run < 2; ++run) {
        KeptPair pair;
        pair.host.say("/status");
        pair.host.wait_for("your identity: " + bob);
        pair.host.wait_for(alice);
        pair.guest.say("/status");
        pair.guest.wait_for("your identity: " + alice);
        pair.guest.wait_for(bob);
        pair.guest.say("it is me again");
        pair.host.wait_for("<Alice> it is me again");
        pair.guest.say("/quit");
        EXPECT_EQ(pair.guest.wait(), 0) << pair.guest.transcript();
        EXPECT_EQ(pair.host.wait_after_end_of_input(), 0) << pair.host.transcript();
    }
}

TEST_F(KeptChat, WhomItMetIsKeptAndCanBeForgotten) {
    {
        KeptPair pair;
        pair.guest.say("/quit");
        EXPECT_EQ(pair.guest.wait(), 0) << pair.guest.transcript();
        EXPECT_EQ(pair.host.wait_after_end_of_input(), 0) << pair.host.transcript();
    }
    const std::vector<std::string> of_bob = {"contacts", "--identity-name", "bob"};
    const Outcome known = identity(of_bob, "open sesame");
    EXPECT_NE(known.output.find("Alice"), std::string::npos) << known.output;
    EXPECT_NE(known.output.find(alice), std::string::npos) << known.output;
    EXPECT_EQ(fingerprint_in(identity({"show", "--identity-name", "bob"}, "open sesame").output), bob);
    const Outcome forgotten = identity({"forget", "Alice", "--identity-name", "bob"}, "open sesame");
    EXPECT_EQ(forgotten.status, 0) << forgotten.errors;
    EXPECT_EQ(identity(of_bob, "open sesame").output, "no contacts\n");
}

TEST_F(KeptChat, IsNeverAnotherIdentityThanWasMeantByAnIncompleteCommand) {
    expect_failure(run({"listen", "--identity-name", "bob"}), 2,
                   "add --identity file, keyring, tpm or pkcs11");
    // The line would go to the other side as a text.
    for (const char* kind : {"memory", "keyring"}) {
        expect_failure(run({"listen", "--identity", kind, "--passphrase-fd", "0"}, "open sesame"), 2,
                       "nothing asks for a passphrase");
    }
    EXPECT_EQ(
        run({"listen", "--no-stun", "--bind", "127.0.0.1", "--identity", "memory", "--identity-name", "bob"})
            .status,
        0);
}

TEST_F(KeptChat, APersonIsToldWhatIsWrittenAndWhoTheyAre) {
    Program guide{{"--identity", "file", "--identity-name", "bob", "--passphrase-fd", "0", "--no-stun",
                   "--bind", "127.0.0.1"}};
    guide.say("open sesame");
    guide.wait_for("Nothing that is said is written to disk");
    guide.say("1");
    guide.wait_for("waiting for the guest");
    guide.say("/status");
    guide.wait_for("your identity: " + bob + " (bob, kept in: file)");
}

TEST_F(KeptChat, AKeptIdentityDoesNotRotate) {
    KeptPair pair;
    pair.host.say("/rotate");
    pair.host.wait_for("a kept identity does not rotate");
    pair.host.say("/status");
    pair.host.wait_for("your identity: " + bob);
}

TEST_F(KeptChat, AnotherKindThanItIsKeptInIsTold) {
    expect_failure(
        run({"--identity", "file", "--identity-name", "carol", "listen", "--passphrase-fd", "0"}, "x"), 13,
        "carol.vault");
    expect_failure(run({"--identity", "keyring", "--identity-name", "bob", "listen"}), 13,
                   "use --identity file");
    expect_failure(
        run({"--identity", "file", "--identity-name", "bob", "listen", "--passphrase-fd", "0"}, "wrong"), 12,
        "wrong passphrase");
}

}  // namespace
}  // namespace chat::test
