// The device process with real devices, and with such as hang, crash, lie or go away.

#include "secure_key_manager/isolation/device/device_process.hpp"

#include <poll.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "hardware/hsm_fixture.hpp"
#include "hardware/softhsm.hpp"
#include "hardware/swtpm.hpp"

namespace chat {
namespace {

using namespace test;
using Clock = std::chrono::steady_clock;

HardwareEndorsement some_endorsement() {
    HardwareEndorsement out;
    out.role = Role::b;
    out.session_id.bytes.fill(1);
    out.identity.bytes.fill(2);
    return out;
}

Result<std::unique_ptr<DeviceProcess>, DeviceFailure> try_start(const HsmLocation& place,
                                                                std::string_view pin, Bytes handle = {},
                                                                DeviceProcess::Limits limits = {}) {
    return DeviceProcess::open(device_process_setup(SECURE_P2P, false), limits, place, pin_of(pin),
                               std::move(handle));
}

std::unique_ptr<DeviceProcess> start(const HsmLocation& place, std::string_view pin, Bytes handle = {},
                                     DeviceProcess::Limits limits = {}) {
    auto out = try_start(place, pin, std::move(handle), limits);
    if (!out) throw std::runtime_error{out.error().text};
    return std::move(*out);
}

/// Waits for an answer, or the end.
bool wait_readable(const DeviceProcess& device, std::chrono::seconds patience = std::chrono::seconds{30}) {
    pollfd watched{device.descriptor(), POLLIN, 0};
    return ::poll(&watched, 1, static_cast<int>(std::chrono::milliseconds{patience}.count())) == 1;
}

void expect_co_signs(DeviceProcess& device) {
    ASSERT_TRUE(device.ask_co_signature(some_endorsement()));
    ASSERT_TRUE(wait_readable(device));
    const auto answer = device.take_answer();
    ASSERT_TRUE(answer && std::holds_alternative<EcdsaP384Signature>(*answer))
        << device.lost().value_or("refused");
    EXPECT_TRUE(verify(some_endorsement(), *device.co_signing_key(), std::get<EcdsaP384Signature>(*answer)));
}

void expect_gives_random(DeviceProcess& device) {
    const auto bytes = device.random(64);
    ASSERT_TRUE(bytes) << bytes.error().text;
    EXPECT_EQ(bytes->size(), 64U);
}

TEST(DeviceProcess, ServesATpm) {
    const Swtpm swtpm;
    const HsmLocation place{HsmKind::tpm, swtpm.tcti()};
    const Bytes handle = must_make_keys(*must_open(place, "1234"));
    const auto device = start(place, "1234", handle);
    EXPECT_EQ(device->co_signing_key(), *must_open(place, "")->co_signing_key(handle));
    EXPECT_EQ(device->name().rfind("TPM 2.0 (IBM", 0), 0U) << device->name();
    expect_gives_random(*device);
    expect_co_signs(*device);
    EXPECT_FALSE(device->lost());
}

TEST(DeviceProcess, ServesATokenAndSaysWhatItRefuses) {
    SoftHsm softhsm;
    softhsm.add_token("alpha", "123456");
    const HsmLocation place{HsmKind::pkcs11, SoftHsm::faulty_uri("alpha")};
    const Bytes handle = must_make_keys(*must_open(place, "123456"));
    const auto device = start(place, "123456", handle);
    expect_gives_random(*device);
    expect_co_signs(*device);
    softhsm.set_faults("C_Sign 0x32\nC_GetSlotList 0x32");  // CKR_DEVICE_REMOVED
    ASSERT_TRUE(device->ask_co_signature(some_endorsement()));
    ASSERT_TRUE(wait_readable(*device));
    const auto answer = device->take_answer();
    ASSERT_TRUE(answer && std::holds_alternative<HsmError>(*answer));
    EXPECT_EQ(std::get<HsmError>(*answer), HsmError::removed);
    softhsm.set_faults("");
    expect_co_signs(*device);
}

TEST(DeviceProcess, SaysWhyADeviceDoesNotOpen) {
    const auto refused = try_start({HsmKind::tpm, "device:/nonexistent"}, "");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().error, HsmError::no_device);
    SoftHsm softhsm;
    softhsm.add_token("alpha", "123456");
    const HsmLocation place{HsmKind::pkcs11, SoftHsm::uri("alpha")};
    EXPECT_EQ(try_start(place, "111111").error().error, HsmError::wrong_pin);
    EXPECT_EQ(try_start(place, "123456", Bytes{1, 2, 3}).error().error, HsmError::damaged_handle);
    EXPECT_EQ(try_start({HsmKind::tpm, std::string(3000, 'x')}, "").error().error, HsmError::bad_location);
    EXPECT_EQ(try_start(place, std::string(2000, 'x')).error().error, HsmError::wrong_pin);
}

TEST(DeviceProcess, ThatCrashesIsReported) {
    SoftHsm softhsm;
    softhsm.add_token("alpha", "123456");
    const auto device = start({HsmKind::pkcs11, SoftHsm::faulty_uri("alpha")}, "");
    expect_gives_random(*device);
    softhsm.set_faults("C_GenerateRandom crash");
    const auto bytes = device->random(64);
    ASSERT_FALSE(bytes);
    EXPECT_NE(bytes.error().text.find("the device process was killed by signal 11"), std::string::npos)
        << bytes.error().text;
    EXPECT_TRUE(device->lost());
    EXPECT_FALSE(device->ask_random(1));
}

TEST(DeviceProcess, ThatHangsIsGivenUp) {
    SoftHsm softhsm;
    softhsm.add_token("alpha", "123456");
    DeviceProcess::Limits limits;
    limits.call = std::chrono::milliseconds{500};
    const auto device = start({HsmKind::pkcs11, SoftHsm::faulty_uri("alpha")}, "", {}, limits);
    softhsm.set_faults("C_GenerateRandom hang");
    const auto begin = Clock::now();
    const auto bytes = device->random(64);
    ASSERT_FALSE(bytes);
    EXPECT_LT(Clock::now() - begin, std::chrono::seconds{10});
    EXPECT_NE(device->lost().value_or("").find("was ended"), std::string::npos)
        << device->lost().value_or("");
}

TEST(DeviceProcess, ThatIsStoppedOrKilledIsNoticed) {
    const Swtpm swtpm;
    DeviceProcess::Limits limits;
    limits.call = std::chrono::milliseconds{500};
    {
        const auto device = start({HsmKind::tpm, swtpm.tcti()}, "", {}, limits);
        ::kill(device->process_id(), SIGSTOP);
        EXPECT_FALSE(device->random(64));
        EXPECT_TRUE(device->lost());
    }
    const auto device = start({HsmKind::tpm, swtpm.tcti()}, "", {}, limits);
    ::kill(device->process_id(), SIGKILL);
    ASSERT_TRUE(wait_readable(*device));
    EXPECT_EQ(device->lost().value_or(""), "the device process was killed by signal 9 (Killed)");
}

TEST(DeviceProcess, OutlivesATpmThatGoesAway) {
    Swtpm swtpm;
    const HsmLocation place{HsmKind::tpm, swtpm.tcti()};
    const auto device = start(place, "", must_make_keys(*must_open(place, "")));
    swtpm.kill();
    const auto bytes = device->random(64);
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().error, HsmError::removed);
    swtpm.start();
    expect_gives_random(*device);
    expect_co_signs(*device);
}

TEST(DeviceProcess, IsConfined) {
    const Swtpm swtpm;
    const auto device = start({HsmKind::tpm, swtpm.tcti()}, "");
    std::ifstream status{"/proc/" + std::to_string(device->process_id()) + "/status"};
    std::string mode;
    std::string no_new_privileges;
    for (std::string word; status >> word;) {
        if (word == "Seccomp:") status >> mode;
        if (word == "NoNewPrivs:") status >> no_new_privileges;
    }
    EXPECT_EQ(mode, "2");  // SECCOMP_MODE_FILTER
    EXPECT_EQ(no_new_privileges, "1");
}

TEST(DeviceProcess, EndsAtARequestThatIsNone) {
    const Swtpm swtpm;
    const auto setup = device_process_setup(SECURE_P2P, false);
    const auto ends_at = [&](const std::vector<ServiceFrame>& frames) {
        ServiceProcess process{setup};
        for (const auto& frame : frames) {
            (void)process.channel().send(frame.kind, frame.body.expose(), std::chrono::seconds{5});
            (void)process.channel().receive(device_protocol::reply_sizes, std::chrono::seconds{20});
        }
        return process.finish(std::chrono::seconds{5});
    };
    const auto open = [&] {
        return device_protocol::encode(
            device_protocol::OpenDevice{{HsmKind::tpm, swtpm.tcti()}, pin_of(""), Bytes{}});
    };
    const ProcessEnd bad{ProcessEnd::How::exited, static_cast<int>(DeviceProcessExit::bad_request)};
    std::vector<ServiceFrame> frames;
    frames.push_back({9, SecretBuffer{}});
    EXPECT_EQ(ends_at(frames), bad);  // no such request
    frames.clear();
    frames.push_back(device_protocol::encode(device_protocol::Random{5}));
    EXPECT_EQ(ends_at(frames), bad);  // before the device is open
    frames.clear();
    frames.push_back(open());
    frames.push_back(open());
    EXPECT_EQ(ends_at(frames), bad);  // opened twice
    frames.clear();
    frames.push_back(open());
    frames.push_back(device_protocol::encode(device_protocol::CoSign{some_endorsement()}));
    EXPECT_EQ(ends_at(frames), bad);  // nothing to sign with
    frames.clear();
    frames.push_back(open());
    frames.push_back({3, SecretBuffer::copy_of(Bytes(65, 'x'))});
    EXPECT_EQ(ends_at(frames), bad);  // no endorsement: the key signs nothing else
}

}  // namespace
}  // namespace chat
