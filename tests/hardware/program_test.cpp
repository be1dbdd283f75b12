// The whole program with a device: kept identities in it, its random numbers, and what happens when it fails.

#include <signal.h>

#include <filesystem>
#include <fstream>

#include "app/keys/held_device.hpp"
#include "hardware/hsm_fixture.hpp"
#include "hardware/softhsm.hpp"
#include "hardware/swtpm.hpp"

namespace chat {
namespace {

using namespace test;

constexpr int identity_refused = 12;
constexpr int identity_unusable = 13;
constexpr int no_hardware = 14;

class WithHome : public ::testing::Test {
  protected:
    WithHome() {
        ::setenv("XDG_DATA_HOME", home_.path().c_str(), 1);
        ::setenv("HOME", home_.path().c_str(), 1);
    }

    /// A program that gives this PIN.
    [[nodiscard]] std::string askpass(const std::string& pin) const {
        std::string path = home_.file("askpass-" + pin);
        std::ofstream{path} << "#!/bin/sh\necho " << pin << "\n";
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        return path;
    }

    static std::vector<std::string> joined(std::vector<std::string> first,
                                           const std::vector<std::string>& second) {
        first.insert(first.end(), second.begin(), second.end());
        return first;
    }

    /// Made, used in a chat in which the device co-signs and gives random numbers, deleted.
    void live(const std::vector<std::string>& device, const std::string& kind, const std::string& named) {
        const auto with_pin = joined(device, {"--askpass", askpass("123456")});
        const Outcome made = run(joined({"identity", "create"}, with_pin));
        ASSERT_EQ(made.status, 0) << made.errors;

        Pair pair{joined(with_pin, {"--rotate-every", "1s", "--require-hardware"})};
        pair.guest.wait_for("* the other side's identity is co-signed by a key held in a " + kind +
                            ", as it says");
        pair.host.say("hello");
        pair.guest.wait_for("<Bob> hello");
        // What came at the start, and what came since.
        for (std::string line = "mixed in 1 time"; line.find("mixed in 1 time") != std::string::npos;) {
            pair.host.say("/status");
            line = pair.host.wait_for("* hardware: ");
            EXPECT_NE(line.find(named), std::string::npos) << line;
            EXPECT_NE(line.find("1 session co-signed"), std::string::npos) << line;
        }
        pair.host.say("/quit");
        pair.guest.wait_for("* session ended");
        EXPECT_EQ(pair.host.wait(), 0) << pair.host.transcript();

        const Outcome wrong = run(joined({"listen", "--no-stun", "--bind", "127.0.0.1"},
                                         joined(device, {"--askpass", askpass("999999")})));
        EXPECT_EQ(wrong.status, identity_refused) << wrong.output << wrong.errors;
        const Outcome deleted = run(joined({"identity", "delete", "--yes"}, with_pin));
        EXPECT_EQ(deleted.status, 0) << deleted.output << deleted.errors;
        EXPECT_EQ(run(joined({"identity", "show"}, with_pin)).status, identity_unusable);
    }

    TemporaryFolder home_;
};

TEST_F(WithHome, AnIdentityLivesInATpm) {
    const Swtpm swtpm;
    live({"--identity", "tpm", "--tpm", swtpm.tcti()}, "TPM 2.0", "TPM 2.0 (IBM SW TPM)");
}

TEST_F(WithHome, AnIdentityLivesInAToken) {
    SoftHsm softhsm;
    softhsm.add_token("alpha", "123456");
    live({"--identity", "pkcs11", "--token", SoftHsm::uri("alpha")}, "PKCS#11 token",
         "PKCS#11 token (SoftHSM project");
    EXPECT_EQ(count_keys_that_stay("alpha", "123456"), 0U);
}

TEST_F(WithHome, AnotherTpmIsToldApart) {
    const std::vector<std::string> pin = {"--askpass", askpass("123456")};
    const Swtpm first;
    ASSERT_EQ(run(joined({"identity", "create", "--identity", "tpm", "--tpm", first.tcti()}, pin)).status, 0);
    const Swtpm second;
    const Outcome shown = run(joined({"identity", "show", "--identity", "tpm", "--tpm", second.tcti()}, pin));
    EXPECT_EQ(shown.status, identity_unusable) << shown.output << shown.errors;
    EXPECT_NE(shown.errors.find("not the one"), std::string::npos) << shown.errors;
}

/// A chat of ephemeral identities whose host uses a token for random numbers only.
struct TokenChat {
    explicit TokenChat(std::vector<std::string> more = {}) {
        softhsm.add_token("alpha", "123456");
        std::vector<std::string> options = {"--token", SoftHsm::faulty_uri("alpha"), "--rotate-every", "1s"};
        options.insert(options.end(), more.begin(), more.end());
        pair.emplace(options);
    }

    void expect_goes_on(const std::string& text) {
        pair->host.say(text);
        pair->guest.wait_for("<Bob> " + text);
        pair->guest.say(text + ", too");
        pair->host.wait_for("<Alice> " + text + ", too");
    }

    SoftHsm softhsm;
    std::optional<Pair> pair;
};

TEST(HardwareRandomness, ADeviceThatCrashesIsToldAndTheChatGoesOn) {
    TokenChat chat;
    chat.softhsm.set_faults("C_GenerateRandom crash");
    chat.pair->host.wait_for("the device process was killed by signal 11");
    chat.expect_goes_on("still here");
    chat.pair->host.say("/status");
    chat.pair->host.wait_for("lost; the system's random numbers go on alone");
    chat.pair->host.say("/quit");
    EXPECT_EQ(chat.pair->host.wait(), 0);
}

TEST(HardwareRandomness, ADeviceThatHangsFreezesNothing) {
    TokenChat chat;
    chat.softhsm.set_faults("C_GenerateRandom hang");
    // Long enough for a question to the device to be open.
    for (int i = 0; i < 3; ++i) {
        chat.pair->guest.wait_for("* the other side's identity was rotated");
        chat.expect_goes_on("round " + std::to_string(i));
    }
    chat.pair->host.say("/quit");
    EXPECT_EQ(chat.pair->host.wait(), 0);
}

TEST(HardwareRandomness, ATokenThatIsRemovedAndComesBackIsUsedAgain) {
    TokenChat chat;
    chat.softhsm.set_faults("C_GenerateRandom 0x32\nC_GetSlotList 0x32");
    chat.pair->host.wait_for("the device was removed; the chat goes on");
    chat.expect_goes_on("without it");
    chat.softhsm.set_faults("");
    for (std::string line = "removed"; line.find("removed") != std::string::npos;) {
        chat.pair->host.say("/status");
        line = chat.pair->host.wait_for("* hardware: ");
    }
}

TEST(HardwareRandomness, ABiasedDeviceIsDropped) {
    TokenChat chat;
    chat.softhsm.set_faults("C_GenerateRandom zeros");
    chat.pair->host.wait_for("its random numbers fail the health test and are used no more");
    chat.expect_goes_on("without it");
    chat.pair->host.say("/status");
    chat.pair->host.wait_for("its random numbers are not used any more");
    chat.pair->host.say("/security");
    chat.pair->host.wait_for("hardware randomness alarm");
}

TEST(HardwareRandomness, RequiredItEndsTheSessionWhenItFails) {
    TokenChat chat{{"--require-hardware"}};
    chat.expect_goes_on("with it");
    chat.softhsm.set_faults("C_GenerateRandom 0x5");
    chat.pair->host.wait_for("the session ends (--require-hardware)");
    EXPECT_EQ(chat.pair->host.wait(), no_hardware) << chat.pair->host.transcript();
}

TEST(HardwareRandomness, RequiredItMustBeThereAndHealthyAtTheStart) {
    const std::vector<std::string> listen = {"listen", "--no-stun", "--bind", "127.0.0.1"};
    const auto start = [&](std::vector<std::string> more) {
        more.insert(more.begin(), listen.begin(), listen.end());
        return run(std::move(more));
    };
    const Outcome none = start({"--require-hardware", "--tpm", "device:/nonexistent"});
    EXPECT_EQ(none.status, no_hardware);
    EXPECT_NE((none.output + none.errors).find("no device answers there"), std::string::npos);
    const Outcome warned = start({"--tpm", "device:/nonexistent"});
    EXPECT_EQ(warned.status, 0) << warned.output << warned.errors;
    EXPECT_NE((warned.output + warned.errors).find("the system's random numbers go on alone"),
              std::string::npos);

    SoftHsm softhsm;
    softhsm.add_token("alpha", "123456");
    softhsm.set_faults("C_GenerateRandom zeros");
    const Outcome stuck = start({"--require-hardware", "--token", SoftHsm::faulty_uri("alpha")});
    EXPECT_EQ(stuck.status, no_hardware);
    EXPECT_NE((stuck.output + stuck.errors).find("fail the health test"), std::string::npos);

    const Swtpm swtpm;
    EXPECT_EQ(start({"--require-hardware", "--tpm", swtpm.tcti()}).status, 0);
}

TEST(HardwareRandomness, IsWhatTheDeviceGives) {
    SoftHsm softhsm;
    softhsm.add_token("alpha", "123456");
    const auto first_bytes = [&] {
        auto held = hold_device(SECURE_P2P, false, {{HsmKind::pkcs11, SoftHsm::faulty_uri("alpha")}, {}, {}});
        if (!held) throw std::runtime_error{held.error()};
        const ByteView bytes = held->first.expose();
        return Bytes{bytes.begin(), bytes.end()};
    };
    // The faulty module counts up instead of drawing: those very bytes are what is mixed in, behind the samples of the start-up test.
    softhsm.set_faults("C_GenerateRandom counting");
    const Bytes bytes = first_bytes();
    ASSERT_EQ(bytes.size(), 64U);
    for (std::size_t i = 0; i < bytes.size(); ++i) EXPECT_EQ(bytes[i], static_cast<u8>(1024 + i)) << i;
    softhsm.set_faults("");
    EXPECT_NE(first_bytes(), first_bytes());
}

}  // namespace
}  // namespace chat
