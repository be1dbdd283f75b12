/// Vaults whose key is wrapped by a device: a real TPM 2.0 and a real PKCS#11 token, both in software.

#include <filesystem>

#include "hardware/softhsm.hpp"
#include "hardware/swtpm.hpp"
#include "keys/identities.hpp"

namespace chat::test {
namespace {

constexpr int refused = 12;
constexpr int unusable = 13;

class InToken : public Identities {
  protected:
    InToken() { token.add_token("chat", "1234"); }
    [[nodiscard]] std::vector<std::string> with_token(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(), {"--token", SoftHsm::uri("chat")});
        return arguments;
    }
    std::string create_there() {
        const Outcome made = identity(with_token({"create", "--identity", "pkcs11"}), "1234");
        EXPECT_EQ(made.status, 0) << made.errors;
        return fingerprint_in(made.output);
    }
    SoftHsm token;
};

TEST_F(InToken, TheKeyIsMadeUsedAndDestroyed) {
    const std::string fingerprint = create_there();
    EXPECT_EQ(fingerprint.size(), 64U);
    const std::size_t keys = count_keys_that_stay("chat", "1234");
    EXPECT_GE(keys, 2U);
    EXPECT_EQ(identity({"list"}).output, "default: pkcs11 (SoftHSM project, SoftHSM v2, chat)\n");
    EXPECT_EQ(fingerprint_in(identity(with_token({"show"}), "1234").output), fingerprint);
    const Bytes before = content_of(vault());
    EXPECT_EQ(identity(with_token({"passwd"}), "1234").status, 0);
    EXPECT_NE(content_of(vault()), before);
    EXPECT_EQ(count_keys_that_stay("chat", "1234"), keys);
    EXPECT_EQ(fingerprint_in(identity(with_token({"show"}), "1234").output), fingerprint);
    EXPECT_EQ(identity(with_token({"delete", "--yes"}), "1234").status, 0);
    EXPECT_EQ(count_keys_that_stay("chat", "1234"), 0U);
    EXPECT_FALSE(std::filesystem::exists(vault()));
}

TEST_F(InToken, AWrongPinOpensAndDestroysNothing) {
    expect_failure(identity(with_token({"create", "--identity", "pkcs11"}), "4321"), refused, "wrong PIN");
    EXPECT_EQ(identity({"list"}).output, "no identity is kept\n");
    const std::string fingerprint = create_there();
    expect_failure(identity(with_token({"show"}), "4321"), refused, "wrong PIN");
    expect_failure(identity(with_token({"delete", "--yes"}), "4321"), refused, "wrong PIN");
    EXPECT_EQ(fingerprint_in(identity(with_token({"show"}), "1234").output), fingerprint);
}

TEST_F(InToken, ATokenThatIsGoneIsToldAndComesBack) {
    const std::string fingerprint = create_there();
    token.take_away();
    EXPECT_EQ(identity(with_token({"show"}), "1234").status, unusable);
    EXPECT_EQ(identity(with_token({"delete", "--yes"}), "1234").status, unusable);
    EXPECT_TRUE(std::filesystem::exists(vault()));
    token.bring_back();
    EXPECT_EQ(fingerprint_in(identity(with_token({"show"}), "1234").output), fingerprint);
}

/// The module runs in a process of its own, which holds nothing else.
TEST_F(InToken, AModuleThatCrashesTakesNothingWithIt) {
    const std::string fingerprint = create_there();
    token.set_faults("C_Login crash");
    const std::vector<std::string> through_it = {"show", "--token", SoftHsm::faulty_uri("chat")};
    expect_failure(identity(through_it, "1234"), unusable, "the device reports a failure");
    token.set_faults("");
    EXPECT_EQ(fingerprint_in(identity(through_it, "1234").output), fingerprint);
}

/// A module can't be interrupted; its process is ended.
TEST_F(InToken, SlowAModuleThatHangsIsEndedInTime) {
    const std::string fingerprint = create_there();
    token.set_faults("C_Login hang");
    const std::vector<std::string> arguments = {
        "identity", "show", "--token", SoftHsm::faulty_uri("chat"), "--passphrase-fd", "0"};
    Program asking{arguments};
    asking.say("1234");
    asking.end_input();
    EXPECT_EQ(asking.wait(Seconds{75}), unusable);
    EXPECT_NE(asking.errors().find("the device did not answer in time"), std::string::npos)
        << asking.errors();
    token.set_faults("");
    EXPECT_EQ(fingerprint_in(identity(with_token({"show"}), "1234").output), fingerprint);
}

TEST_F(InToken, AChatUsesIt) {
    const std::string fingerprint = create_there();
    Program listener{{"--identity", "pkcs11", "--token", SoftHsm::uri("chat"), "--passphrase-fd", "0",
                      "listen", "--no-stun", "--bind", "127.0.0.1"}};
    listener.say("1234");
    listener.wait_for("waiting for the guest");
    listener.say("/status");
    listener.wait_for("your identity: " + fingerprint);
}

class InTpm : public Identities {
  protected:
    [[nodiscard]] std::vector<std::string> with_tpm(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(), {"--tpm", tpm.tcti()});
        return arguments;
    }
    Swtpm tpm;
};

TEST_F(InTpm, TheKeyIsSealedUsedAndDeleted) {
    const Outcome made = identity(with_tpm({"create", "--identity", "tpm"}), "1234");
    ASSERT_EQ(made.status, 0) << made.errors;
    EXPECT_EQ(identity({"list"}).output.rfind("default: tpm (", 0), 0U);
    tpm.restart();
    EXPECT_EQ(fingerprint_in(identity(with_tpm({"show"}), "1234").output), fingerprint_in(made.output));
    expect_failure(identity(with_tpm({"show"}), "4321"), refused, "wrong PIN");
    EXPECT_EQ(identity(with_tpm({"passwd"}), "1234").status, 0);
    EXPECT_EQ(fingerprint_in(identity(with_tpm({"show"}), "1234").output), fingerprint_in(made.output));
    EXPECT_EQ(identity(with_tpm({"delete", "--yes"}), "1234").status, 0);
    EXPECT_FALSE(std::filesystem::exists(vault()));
}

TEST_F(InTpm, APinIsGoodToHave) {
    const Outcome bare = identity(with_tpm({"create", "--identity", "tpm", "--identity-name", "bare"}), "\n");
    EXPECT_EQ(bare.status, 0) << bare.errors;
    EXPECT_NE(bare.errors.find("without a PIN whoever has this machine and the file can be this identity"),
              std::string::npos)
        << bare.errors;
    EXPECT_EQ(fingerprint_in(identity(with_tpm({"show", "--identity-name", "bare"}), "\n").output),
              fingerprint_in(bare.output));
    EXPECT_EQ(identity(with_tpm({"create", "--identity", "tpm"}), "1234").errors, "");
}

TEST_F(InTpm, AnotherTpmOpensNothing) {
    ASSERT_EQ(identity(with_tpm({"create", "--identity", "tpm"}), "1234").status, 0);
    Swtpm other;
    EXPECT_EQ(identity({"show", "--tpm", other.tcti()}, "1234").status, unusable);
    tpm.kill();
    EXPECT_EQ(identity(with_tpm({"show"}), "1234").status, unusable);
    // The file can go even so, by an explicit word.
    EXPECT_EQ(identity(with_tpm({"delete", "--yes"}), "1234").status, unusable);
    EXPECT_EQ(identity(with_tpm({"delete", "--yes", "--file-only"}), "1234").status, 0);
    EXPECT_FALSE(std::filesystem::exists(vault()));
}

}  // namespace
}  // namespace chat::test
