#include "secure_p2p/session/endorsement.hpp"

#include <gtest/gtest.h>

#include "support/p384_signer.hpp"
#include "support/session_with_a_liar.hpp"

namespace chat {
namespace {

using test::P384Signer;
using test::SessionWithALiar;

Endorsement endorse(const P384Signer& device, const HardwareEndorsement& statement) {
    return {DeviceKind::tpm, device.public_key(), device.sign(signed_bytes(statement, device.public_key()))};
}

class EndorsedByALiar : public testing::Test {
  protected:
    EndorsedByALiar() {
        world_.say(ContentType::heartbeat, {});
        static_cast<void>(world_.events());
    }
    [[nodiscard]] HardwareEndorsement statement() const {
        return {Role::a, world_.session_id(), world_.liars_fingerprint()};
    }
    void send(const Endorsement& endorsement) { send(encode(endorsement).expose()); }
    void send(ByteView content) { world_.say(ContentType::hardware_endorsement, content); }
    void expect_refused(EndorsementRefusal why) {
        std::vector<std::string> reasons;
        for (const Event& event : world_.events()) {
            EXPECT_FALSE(std::holds_alternative<HardwareBacked>(event));
            const auto* security = std::get_if<SecurityEvent>(&event);
            if (security == nullptr) continue;
            EXPECT_EQ(security->kind, SecurityEventKind::endorsement_refused);
            reasons.push_back(security->reason);
        }
        EXPECT_EQ(reasons, std::vector{std::string{describe(why)}});
    }

    SessionWithALiar world_;
    P384Signer device_;
};

TEST_F(EndorsedByALiar, AGenuineOneIsToldWithItsKey) {
    send(endorse(device_, statement()));
    const auto told = world_.told<HardwareBacked>();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front().kind, DeviceKind::tpm);
    EXPECT_EQ(told.front().key, device_.public_key());
}

TEST_F(EndorsedByALiar, ASecondOneIsRefused) {
    send(endorse(device_, statement()));
    ASSERT_EQ(world_.told<HardwareBacked>().size(), 1U);
    send(endorse(P384Signer{}, statement()));
    expect_refused(EndorsementRefusal::repeated);
    send(Bytes(3));
    expect_refused(EndorsementRefusal::repeated);
}

TEST_F(EndorsedByALiar, AfterOneThatWasRefusedNoneIsTaken) {
    send(Bytes(endorsement_size - 1));
    expect_refused(EndorsementRefusal::malformed);
    send(endorse(device_, statement()));
    expect_refused(EndorsementRefusal::repeated);
}

TEST_F(EndorsedByALiar, AnotherLengthIsMalformed) {
    Bytes content(endorsement_size + 1, 1);
    send(content);
    expect_refused(EndorsementRefusal::malformed);
}

TEST_F(EndorsedByALiar, AnUnknownDeviceIsRefused) {
    for (const u8 kind : {u8{0}, u8{4}}) {
        Bytes content(endorsement_size);
        content[0] = kind;
        const auto decoded = decode_session_endorsement(content);
        ASSERT_FALSE(decoded);
        EXPECT_EQ(decoded.error(), EndorsementRefusal::unknown_device);
    }
}

TEST_F(EndorsedByALiar, AKeyOffTheCurveIsRefused) {
    Endorsement endorsement = endorse(device_, statement());
    endorsement.key.bytes[96] ^= 1U;
    send(endorsement);
    expect_refused(EndorsementRefusal::bad_key);
}

TEST_F(EndorsedByALiar, OneOfAnotherSessionIsRefused) {
    HardwareEndorsement other_session = statement();
    other_session.session_id.bytes[0] ^= 1U;
    send(endorse(device_, other_session));
    expect_refused(EndorsementRefusal::bad_signature);
}

TEST_F(EndorsedByALiar, OneForAnotherIdentityIsRefused) {
    HardwareEndorsement other_identity = statement();
    other_identity.identity = world_.own_fingerprint();
    send(endorse(device_, other_identity));
    expect_refused(EndorsementRefusal::bad_signature);
}

TEST_F(EndorsedByALiar, OurOwnSentBackIsRefused) {
    send(endorse(device_, {Role::b, world_.session_id(), world_.own_fingerprint()}));
    expect_refused(EndorsementRefusal::bad_signature);
}

TEST_F(EndorsedByALiar, OneUnderAnotherKeyIsRefused) {
    Endorsement endorsement = endorse(device_, statement());
    endorsement.key = P384Signer{}.public_key();
    send(endorsement);
    expect_refused(EndorsementRefusal::bad_signature);
}

TEST(OwnEndorsement, IsWantedOnceTheSessionStandsAndSentOnce) {
    NodeOptions options;
    options.hardware_backed = true;
    SessionWithALiar world{options};
    const P384Signer device;
    EXPECT_TRUE(world.told<EndorsementWanted>().empty());
    const HardwareEndorsement expected{Role::b, world.session_id(), world.own_fingerprint()};
    const auto early = world.session().endorse(endorse(device, expected), world.now());
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error(), EndorsementRefusal::no_session);

    world.say(ContentType::heartbeat, {});
    const auto wanted = world.told<EndorsementWanted>();
    ASSERT_EQ(wanted.size(), 1U);
    EXPECT_EQ(wanted.front().statement, expected);
    EXPECT_TRUE(world.session().endorse(endorse(device, expected), world.now()));
    const auto again = world.session().endorse(endorse(device, expected), world.now());
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error(), EndorsementRefusal::repeated);
    world.say(ContentType::heartbeat, {});
    EXPECT_TRUE(world.told<EndorsementWanted>().empty());
}

TEST(OwnEndorsement, ThatDoesNotVerifyIsNotSent) {
    SessionWithALiar world;
    world.say(ContentType::heartbeat, {});
    const P384Signer device;
    const HardwareEndorsement wrong{Role::a, world.session_id(), world.own_fingerprint()};
    const auto sent = world.session().endorse(endorse(device, wrong), world.now());
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error(), EndorsementRefusal::bad_signature);
}

}  // namespace
}  // namespace chat
