/// The security monitor inside a node: what ends a session, what only warns, and that every ciphertext is announced first.

#include <gtest/gtest.h>

#include "ca_services/bootstrap.hpp"
#include "simulation/node_world.hpp"
#include "support/p384_signer.hpp"

namespace chat::test {
namespace {

using namespace std::chrono_literals;

void connect(NodeWorld& world) {
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
}

void report(NodeWorld& world, Role who, SecurityEventKind kind) {
    world.act(who, [&](Node& node, Time now) { node.report(kind, "the test says so", now); });
}

TEST(Monitor, ALocalAlarmEndsTheSessionAndThePeerLearnsAtOnce) {
    for (const SecurityEventKind kind : {SecurityEventKind::tracer_attached, SecurityEventKind::canary_broken,
                                         SecurityEventKind::entropy_alarm}) {
        SCOPED_TRACE(name_of(kind));
        NodeWorld world{81};
        connect(world);
        report(world, Role::a, kind);
        ASSERT_EQ(world.count<SessionEnded>(Role::a), 1U);
        EXPECT_EQ(world.last<SessionEnded>(Role::a)->reason, EndReason::security_alarm);
        EXPECT_NE(world.last<SessionEnded>(Role::a)->detail.find("the test says so"), std::string::npos);
        EXPECT_EQ(world.node(Role::a).status().link, LinkState::ended);
        ASSERT_TRUE(world.run_until([&] { return world.count<SessionEnded>(Role::b) == 1; }, 5s));
        EXPECT_EQ(world.last<SessionEnded>(Role::b)->reason, EndReason::peer_closed);
    }
}

TEST(Monitor, AlarmsBeforeASessionEndTheNode) {
    NodeWorld world{82};
    report(world, Role::b, SecurityEventKind::tracer_attached);
    ASSERT_EQ(world.count<SessionEnded>(Role::b), 1U);
    EXPECT_EQ(world.node(Role::b).status().link, LinkState::ended);
}

TEST(Monitor, WhatIsAllowedOrOnlyAddsWarnsAndTheSessionGoesOn) {
    NodeWorld world{83};
    connect(world);
    for (int i = 0; i < 100; ++i) {
        report(world, Role::a, SecurityEventKind::tracer_allowed);
        report(world, Role::a, SecurityEventKind::hardware_entropy_alarm);
    }
    EXPECT_EQ(world.count<SecurityWarning>(Role::a), 2U);
    EXPECT_EQ(world.count<SecurityEvent>(Role::a), 200U);
    world.say(Role::a, "still here");
    EXPECT_TRUE(world.run_until([&] { return world.heard(Role::b).size() == 1; }, 10s));
}

TEST(Monitor, FailedRandomnessIsCountedToo) {
    NodeWorld world{84};
    connect(world);
    world.break_randomness(Role::a);
    world.say(Role::a, "not sent");
    EXPECT_EQ(world.last<SessionEnded>(Role::a)->reason, EndReason::randomness_failed);
    EXPECT_EQ(world.node(Role::a).monitor().total(SecurityEventKind::entropy_alarm), 1U);
}

/// Somebody on the network does his worst for half an hour: both are warned, and the session stands.
TEST(Monitor, StrangersCanWarnButNeverEndASession) {
    NodeWorld world{85};
    connect(world);
    u64 counter = 0;
    world.meddle([&](Role, u64, StreamId, Bytes& chunk) {
        if (++counter % 7 == 0 && chunk.size() > 5000) chunk[2000] ^= 1U;
        return counter % 11 == 0 ? NodeWorld::Fate::cut : NodeWorld::Fate::deliver;
    });
    for (int minute = 0; minute < 30; ++minute) {
        for (int i = 0; i < 40; ++i) {
            world.inject(world.open_as_stranger(), Role::b, Bytes(bootstrap_hello_size, 0x5A));
        }
        world.run_for(1min);
    }
    world.meddle({});
    EXPECT_EQ(world.count<SessionEnded>(Role::a) + world.count<SessionEnded>(Role::b), 0U);
    const SecurityMonitor& host = world.node(Role::b).monitor();
    EXPECT_GE(host.total(SecurityEventKind::hello_refused), 30U * 40U);
    EXPECT_GT(host.total(SecurityEventKind::connection_reset), 6U);
    EXPECT_GT(host.total(SecurityEventKind::record_refused), 1U);
    EXPECT_GE(world.count<SecurityWarning>(Role::b), 2U);
    // A kind warns at most once in ten minutes.
    EXPECT_LE(world.count<SecurityWarning>(Role::b), 4U * 3U);
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 2min));
    world.say(Role::a, "still here");
    EXPECT_TRUE(world.run_until([&] { return world.heard(Role::b).size() == 1; }, 10s));
}

TEST(Monitor, AClockThatJumpsIsToldAndEndsNothing) {
    NodeWorld world{86};
    connect(world);
    world.run_for(1min);
    world.set_wall_clock_back(1h);
    world.run_for(1min);
    for (Role role : {Role::a, Role::b}) {
        EXPECT_EQ(world.node(role).monitor().total(SecurityEventKind::clock_jump), 1U);
        EXPECT_EQ(world.count<SecurityWarning>(role), 1U);
    }
    EXPECT_TRUE(world.online());
}

TEST(Monitor, EveryCiphertextOfAWholeSessionIsAnnounced) {
    NodeWorld world{87};
    connect(world);
    const auto& host = world.ciphertexts(Role::b);
    EXPECT_EQ(host.count(Ciphertext::hello), 1U);
    EXPECT_EQ(host.count(Ciphertext::certificate), 1U);
    EXPECT_EQ(host.count(Ciphertext::key_exchange), 2U);
    EXPECT_EQ(world.ciphertexts(Role::a).count(Ciphertext::hello), 0U);
    EXPECT_EQ(world.ciphertexts(Role::a).count(Ciphertext::certificate), 1U);
    EXPECT_EQ(world.ciphertexts(Role::a).count(Ciphertext::key_exchange), 1U);
    world.ciphertexts(Role::b).clear();
    world.say(Role::a, std::string(5000, 'x'));
    ASSERT_TRUE(world.run_until([&] { return world.heard(Role::b).size() == 1; }, 10s));
    using Entry = CiphertextTrace::Entry;
    const std::vector<Entry> cell{{Ciphertext::tls_record, 5655}, {Ciphertext::cell, 5632}};
    std::vector<Entry> expected;
    for (std::size_t i = 0; i < host.count(Ciphertext::cell); ++i) {
        expected.insert(expected.end(), cell.begin(), cell.end());
    }
    EXPECT_GE(host.count(Ciphertext::cell), 5U);
    EXPECT_EQ(host.entries(), expected);
    world.cut(world.newest_stream());
    ASSERT_TRUE(world.run_until([&] { return world.count<Resumed>(Role::b) == 1; }, 30s));
    EXPECT_EQ(host.count(Ciphertext::resume_frame), 1U);
}

/// At the moment of the announcement the node has not said anything of what it announces.
TEST(Monitor, AForgedHelloIsAnnouncedBeforeItIsRefused) {
    NodeWorld world{88};
    std::size_t announced = 0;
    world.ciphertexts(Role::b).on_arrival([&] {
        ++announced;
        EXPECT_EQ(world.node(Role::b).monitor().total(SecurityEventKind::hello_refused), 0U);
    });
    world.inject(world.open_as_stranger(), Role::b, Bytes(bootstrap_hello_size, 0x5A));
    world.run_for(1s);
    EXPECT_EQ(announced, 1U);
    EXPECT_EQ(world.node(Role::b).monitor().total(SecurityEventKind::hello_refused), 1U);
}

NodeOptions backed() {
    NodeOptions out;
    out.hardware_backed = true;
    return out;
}

/// Answers what `who`'s node wants signed, like a device would.
void endorse(NodeWorld& world, Role who, const P384Signer& device) {
    const auto* wanted = world.last<EndorsementWanted>(who);
    ASSERT_NE(wanted, nullptr);
    const auto key = device.public_key();
    world.act(who, [&](Node& node, Time now) {
        EXPECT_TRUE(
            node.endorse({DeviceKind::tpm, key, device.sign(signed_bytes(wanted->statement, key))}, now));
    });
}

TEST(HardwareEndorsement, ReachesThePeerOnceAlsoOverACutConnection) {
    NodeWorld world{91, NodeWorld::Way::invite, backed()};
    connect(world);
    const P384Signer device_a;
    const P384Signer device_b;
    world.cut(world.newest_stream());
    endorse(world, Role::a, device_a);
    endorse(world, Role::b, device_b);
    ASSERT_TRUE(world.run_until(
        [&] { return world.count<HardwareBacked>(Role::a) + world.count<HardwareBacked>(Role::b) == 2; },
        60s));
    EXPECT_EQ(world.last<HardwareBacked>(Role::a)->key, device_b.public_key());
    EXPECT_EQ(world.last<HardwareBacked>(Role::b)->key, device_a.public_key());
    EXPECT_EQ(world.node(Role::b).status().peer_hardware->key, device_a.public_key());
    world.run_for(2min);
    EXPECT_EQ(world.count<EndorsementWanted>(Role::a), 1U);
    EXPECT_EQ(world.count<HardwareBacked>(Role::b), 1U);
    EXPECT_EQ(world.count<SecurityEvent>(Role::a) + world.count<SecurityEvent>(Role::b), 0U);
}

TEST(HardwareEndorsement, DoesNotApplyToAnIdentityThatFollows) {
    NodeWorld world{92, NodeWorld::Way::invite, backed()};
    connect(world);
    endorse(world, Role::a, P384Signer{});
    ASSERT_TRUE(world.run_until([&] { return world.count<HardwareBacked>(Role::b) == 1; }, 10s));
    world.act(Role::a, [](Node& node, Time now) { node.rotate_identity(now); });
    ASSERT_TRUE(world.run_until([&] { return world.count<IdentityRotated>(Role::b) == 1; }, 10s));
    EXPECT_FALSE(world.node(Role::b).status().peer_hardware);
}

TEST(HardwareEndorsement, IsOneMoreRecordOfTheOneSize) {
    NodeWorld world{93, NodeWorld::Way::invite, backed()};
    connect(world);
    std::vector<std::size_t> writes;
    world.meddle([&](Role, u64, StreamId, Bytes& chunk) {
        writes.push_back(chunk.size());
        return NodeWorld::Fate::deliver;
    });
    endorse(world, Role::a, P384Signer{});
    ASSERT_TRUE(world.run_until([&] { return world.count<HardwareBacked>(Role::b) == 1; }, 10s));
    world.run_for(1s);
    ASSERT_FALSE(writes.empty());
    for (const std::size_t size : writes) EXPECT_EQ(size % 5655, 0U);
}

TEST(KnownContact, VerificationIsRestoredButNeverOverWhatThePersonSaidNow) {
    NodeWorld world{94};
    connect(world);
    world.act(Role::b, [](Node& node, Time now) { node.restore_verification(now); });
    EXPECT_EQ(world.node(Role::b).status().verification, Verification::known_verified);
    EXPECT_EQ(world.last<VerificationChanged>(Role::b)->verification, Verification::known_verified);
    world.act(Role::b, [](Node& node, Time now) {
        node.words_compared(Node::Comparison::equal, now);
        node.restore_verification(now);
    });
    EXPECT_EQ(world.node(Role::b).status().verification, Verification::verified);
    world.act(Role::a, [](Node& node, Time now) {
        node.words_compared(Node::Comparison::different, now);
        node.restore_verification(now);
    });
    EXPECT_EQ(world.node(Role::a).status().verification, Verification::words_differ);
}

}  // namespace
}  // namespace chat::test
