/// A vault whose key is in a real keyring: gnome-keyring on a D-Bus of the test's own.

#include <signal.h>

#include <cstdlib>
#include <filesystem>

#include "keys/identities.hpp"
#include "keys/private_bus.hpp"

namespace chat::test {
namespace {

constexpr int unusable = 13;

class InKeyring : public Identities {
  protected:
    std::string create_there() {
        const Outcome made = identity({"create", "--identity", "keyring"});
        EXPECT_EQ(made.status, 0) << made.errors;
        return fingerprint_in(made.output);
    }
    /// Items of the program in the keyring, as secret-tool's service sees them.
    static std::size_t items() {
        Program search{"/usr/bin/dbus-send",
                       {"--session", "--print-reply", "--dest=org.freedesktop.secrets",
                        "/org/freedesktop/secrets", "org.freedesktop.Secret.Service.SearchItems",
                        "dict:string:string:xdg:schema,org.secure_p2p.VaultKey"}};
        search.wait_after_end_of_input();
        return search.count("object path");
    }

    PrivateBus bus{home};
};

TEST_F(InKeyring, TheKeyIsStoredReadAndDestroyed) {
    Keyring keyring{bus};
    const std::string fingerprint = create_there();
    EXPECT_EQ(fingerprint.size(), 64U);
    EXPECT_EQ(items(), 1U);
    EXPECT_EQ(identity({"list"}).output, "default: keyring\n");
    EXPECT_EQ(fingerprint_in(identity({"show"}).output), fingerprint);
    const Bytes before = content_of(vault());
    EXPECT_EQ(identity({"passwd"}).status, 0);
    EXPECT_NE(content_of(vault()), before);
    EXPECT_EQ(items(), 1U) << "the old key is gone";
    EXPECT_EQ(fingerprint_in(identity({"show"}).output), fingerprint);
    write_file(vault(), before);
    expect_failure(identity({"show"}), unusable, "does not hold the key of this vault");
    EXPECT_EQ(identity({"delete", "--yes"}).status, 0);
    EXPECT_FALSE(std::filesystem::exists(vault()));
    EXPECT_EQ(identity({"list"}).output, "no identity is kept\n");
}

TEST_F(InKeyring, DeletionLeavesNoItem) {
    Keyring keyring{bus};
    create_there();
    ASSERT_EQ(items(), 1U);
    EXPECT_EQ(identity({"delete", "--yes"}).status, 0);
    EXPECT_EQ(items(), 0U);
}

TEST_F(InKeyring, ATravellingExportNeedsNoKeyring) {
    const auto keyring = std::make_unique<Keyring>(bus);
    const std::string fingerprint = create_there();
    ASSERT_EQ(identity({"export", home.file("out")}, "for the road").status, 0);
    keyring->kill();
    EXPECT_EQ(fingerprint_in(identity({"create", "--identity-name", "there", "--from", home.file("out")},
                                      "for the road\nlocal")
                                 .output),
              fingerprint);
}

TEST_F(InKeyring, AVaultThatAsksForAnotherKeyGetsNone) {
    Keyring keyring{bus};
    create_there();
    ASSERT_EQ(identity({"create", "--identity", "keyring", "--identity-name", "other"}).status, 0);
    EXPECT_EQ(items(), 2U);
    EXPECT_EQ(identity({"delete", "--yes"}).status, 0);
    EXPECT_EQ(items(), 1U);
    EXPECT_EQ(identity({"show", "--identity-name", "other"}).status, 0);
}

TEST_F(InKeyring, ALockedKeyringIsTold) {
    Keyring keyring{bus};
    create_there();
    keyring.lock();
    expect_failure(identity({"show"}), unusable, "the keyring is locked");
    expect_failure(identity({"delete", "--yes"}), unusable, "was not destroyed");
    EXPECT_TRUE(std::filesystem::exists(vault())) << "a file without its key is still the only trace of it";
}

TEST_F(InKeyring, NobodyOnTheBusIsToldAndNothingElseIsTried) {
    expect_failure(identity({"create", "--identity", "keyring"}), unusable, "no keyring answers");
    EXPECT_EQ(identity({"list"}).output, "no identity is kept\n");
    ::setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", 1);
    expect_failure(identity({"create", "--identity", "keyring"}), unusable, "no keyring answers");
    EXPECT_EQ(identity({"list"}).output, "no identity is kept\n");
}

TEST_F(InKeyring, AKeyringThatDiesInTheMiddleIsTold) {
    Keyring keyring{bus};
    create_there();
    keyring.freeze();
    Program asking{{"identity", "show"}};
    // The helper that asks the keyring is there: the question is on its way.
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    const auto is_asking = [&] {
        const std::string children =
            "/proc/" + std::to_string(asking.id()) + "/task/" + std::to_string(asking.id()) + "/children";
        return !content_of(children).empty();
    };
    while (!is_asking() && std::chrono::steady_clock::now() < until) {
    }
    ASSERT_TRUE(is_asking());
    keyring.kill();
    EXPECT_EQ(asking.wait_after_end_of_input(), unusable);
    EXPECT_NE(asking.errors().find("no keyring answers"), std::string::npos) << asking.errors();
    Keyring back{bus};
    EXPECT_EQ(identity({"show"}).status, 0) << "the key is still in the keyring's own file";
}

TEST_F(InKeyring, AChatUsesIt) {
    Keyring keyring{bus};
    const std::string fingerprint = create_there();
    Program listener{{"--identity", "keyring", "listen", "--no-stun", "--bind", "127.0.0.1"}};
    listener.wait_for("waiting for the guest");
    listener.say("/status");
    listener.wait_for("your identity: " + fingerprint);
}

}  // namespace
}  // namespace chat::test
