// A session that begins while the device is busy with something else.

#include "app/keys/hardware.hpp"
#include "hardware/hsm_fixture.hpp"
#include "hardware/swtpm.hpp"

namespace chat {
namespace {

using namespace test;

TEST(HardwareQueue, EveryQuestionGetsItsOwnAnswer) {
    const Swtpm swtpm;
    const HsmLocation place{HsmKind::tpm, swtpm.tcti()};
    const Bytes handle = must_make_keys(*must_open(place, ""));
    auto held = hold_device(SECURE_P2P, false, {place, {}, handle});
    ASSERT_TRUE(held) << held.error();
    Loop loop;
    std::vector<Endorsement> endorsements;
    std::size_t entropy = 0;
    std::string failure;
    // The first random bytes are asked for at once, the endorsements while they are on their way.
    Hardware hardware{
        loop, *held, std::chrono::milliseconds{1},
        Hardware::Events{[&](const SecretBuffer&) { ++entropy; },
                         [&](const Endorsement& endorsement) { endorsements.push_back(endorsement); },
                         [&](const std::string& why) { failure = why; },
                         [&](const std::string& why, bool) { failure = why; }}};
    std::vector<std::unique_ptr<Timer>> timers;
    std::vector<HardwareEndorsement> statements(3);
    for (u8 i = 0; i < statements.size(); ++i) {
        statements[i].session_id.bytes.fill(i);
        timers.push_back(std::make_unique<Timer>(loop));
        timers.back()->set(loop.now() + std::chrono::milliseconds{3 + 11 * i},
                           [&, i] { hardware.co_sign(statements[i]); });
    }
    Timer end{loop};
    end.set(loop.now() + std::chrono::seconds{30}, [&] { loop.stop(); });
    loop.run_until([&] { return (endorsements.size() == 3 && entropy >= 5) || !failure.empty(); });
    EXPECT_EQ(failure, "");
    ASSERT_EQ(endorsements.size(), statements.size());
    for (std::size_t i = 0; i < statements.size(); ++i) {
        EXPECT_TRUE(verify(statements[i], endorsements[i].key, endorsements[i].signature)) << i;
        EXPECT_EQ(endorsements[i].kind, DeviceKind::tpm);
    }
    EXPECT_GE(entropy, 5U);
}

}  // namespace
}  // namespace chat
