/// A contact that had a device comes again with another one, or with none: what somebody does who has a copy of its identity.

#include "hardware/swtpm.hpp"
#include "keys/identities.hpp"

namespace chat::test {
namespace {

/// Alice's identity in a TPM, the same one out of an export in another TPM ("thief") and in a file ("bare"), and Bob, who keeps
/// contacts.
class ContactsDevice : public Identities {
  protected:
    ContactsDevice() {
        create("bob");
        const Outcome made = identity(
            {"create", "--identity", "tpm", "--identity-name", "alice", "--tpm", tpm.tcti()}, "1234");
        alice = fingerprint_in(made.output);
        const std::string file = home.file("export");
        expect_done(
            identity({"export", file, "--identity-name", "alice", "--tpm", tpm.tcti()}, "1234\nopen sesame"));
        expect_done(identity({"create", "--from", file, "--identity", "tpm", "--identity-name", "thief",
                              "--tpm", other_tpm.tcti()},
                             "open sesame\n1234"));
        expect_done(
            identity({"create", "--from", file, "--identity-name", "bare"}, "open sesame\nopen sesame"));
    }

    static void expect_done(const Outcome& outcome) { EXPECT_EQ(outcome.status, 0) << outcome.errors; }

    /// A session of Bob with Alice, or with who passes for her.
    struct Meeting {
        Meeting(const std::string& passphrase, const std::vector<std::string>& guest_options)
            : guest{join_from_input(guest_options)} {
            host.say("open sesame");
            guest.say(passphrase);
            guest.say(invite_of(host));
            host.wait_for("* connected");
            guest.wait_for("* connected");
        }
        void end() {
            host.say("/quit");
            EXPECT_EQ(host.wait(), 0) << host.transcript();
            guest.wait();
        }
        Program host{
            listen_on("127.0.0.1", {"--identity", "file", "--identity-name", "bob", "--passphrase-fd", "0"})};
        Program guest;
    };

    [[nodiscard]] static std::vector<std::string> in_tpm(const std::string& name, const Swtpm& place) {
        return {"--identity", "tpm", "--identity-name", name, "--tpm", place.tcti(), "--passphrase-fd", "0"};
    }

    /// The first time; Bob pins the key.
    void meet_alice() {
        Meeting meeting{"1234", in_tpm("alice", tpm)};
        meeting.host.wait_for("* the key is remembered for this contact");
        meeting.end();
    }

    Swtpm tpm;
    Swtpm other_tpm;
    std::string alice;
};

TEST_F(ContactsDevice, AnotherKeyThanBeforeIsShownUntilItIsAccepted) {
    meet_alice();
    {
        Meeting again{"1234", in_tpm("alice", tpm)};
        again.host.wait_for("* the same key as before");
        again.end();
    }
    {
        Meeting thief{"1234", in_tpm("thief", other_tpm)};
        thief.host.wait_for("!!! THE KEY IN THE DEVICE IS NOT THE ONE THAT THIS CONTACT HAD BEFORE !!!");
        // The identity is the known one, so it blocks nothing, and nothing is pinned unasked.
        thief.host.say("who are you?");
        thief.guest.wait_for("<Bob> who are you?");
        thief.host.say("/security");
        thief.host.wait_for("contact's identity changed");
        thief.end();
    }
    {
        Meeting thief{"1234", in_tpm("thief", other_tpm)};
        thief.host.wait_for("!!! THE KEY IN THE DEVICE IS NOT THE ONE THAT THIS CONTACT HAD BEFORE !!!");
        thief.host.say("/accept");
        thief.host.wait_for("accepted: the key in the device is remembered for this contact");
        thief.end();
    }
    Meeting accepted{"1234", in_tpm("thief", other_tpm)};
    accepted.host.wait_for("* the same key as before");
    accepted.host.say("/status");
    accepted.host.wait_for(alice);
    accepted.end();
}

/// 30 s after the connection stands.
TEST_F(ContactsDevice, SlowNoKeyWhereThereWasOneIsShown) {
    meet_alice();
    Meeting bare{"open sesame", {"--identity", "file", "--identity-name", "bare", "--passphrase-fd", "0"}};
    bare.host.wait_for(
        "!!! THIS CONTACT'S IDENTITY WAS CO-SIGNED BY A KEY IN A DEVICE BEFORE, AND NOW IT IS NOT !!!",
        Seconds{60});
    bare.guest.say("my TPM broke");
    bare.host.wait_for("<Alice> my TPM broke");
    bare.host.say("/accept");
    bare.host.wait_for("there is nothing to accept");
    bare.host.say("/security");
    bare.host.wait_for("contact's identity changed");
    bare.end();
}

}  // namespace
}  // namespace chat::test
