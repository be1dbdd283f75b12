#include <gtest/gtest.h>

#include "simulation/node_world.hpp"

namespace chat::test {
namespace {

using namespace std::chrono_literals;

bool talk(NodeWorld& world) {
    const std::size_t before_a = world.heard(Role::a).size();
    const std::size_t before_b = world.heard(Role::b).size();
    world.say(Role::a, "from A");
    world.say(Role::b, "from B");
    return world.run_until(
        [&] {
            return world.heard(Role::a).size() == before_a + 1 && world.heard(Role::b).size() == before_b + 1;
        },
        10s);
}

TEST(Node, InviteLeadsToAConversation) {
    NodeWorld world{1};
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
    EXPECT_TRUE(talk(world));
    for (Role role : {Role::a, Role::b}) {
        ASSERT_EQ(world.count<StageReached>(role), 4U);
        const auto* last = world.last<StageReached>(role);
        EXPECT_EQ(last->stage, Stage::conversation);
        // A's first cell and B's answer: each took its own step and followed the other's.
        EXPECT_TRUE(last->facts.front().value.starts_with("2 steps")) << last->facts.front().value;
    }
    EXPECT_EQ(world.last<PeerNamed>(Role::a)->name, "Bob");
    EXPECT_EQ(world.last<PeerNamed>(Role::b)->name, "Alice");
    EXPECT_EQ(world.last<PeerIdentified>(Role::a)->words, world.last<PeerIdentified>(Role::b)->words);
    EXPECT_EQ(world.last<PeerIdentified>(Role::a)->safety_number,
              world.last<PeerIdentified>(Role::b)->safety_number);
    EXPECT_EQ(world.last<PeerIdentified>(Role::a)->verification, Verification::invite_verified);
    EXPECT_EQ(world.last<PeerIdentified>(Role::b)->verification, Verification::came_with_your_invite);
}

TEST(Node, OpenWayIsUnverifiedOnBothSides) {
    NodeWorld world{2, NodeWorld::Way::open};
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
    EXPECT_TRUE(talk(world));
    EXPECT_EQ(world.last<PeerIdentified>(Role::a)->verification, Verification::unverified);
    EXPECT_EQ(world.last<PeerIdentified>(Role::b)->verification, Verification::unverified);
}

TEST(Node, QuitIsConfirmedAndEndsBoth) {
    NodeWorld world{3};
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
    const Time before = world.now();
    world.act(Role::a, [](Node& node, Time now) { node.quit(now); });
    ASSERT_TRUE(world.run_until(
        [&] { return world.count<SessionEnded>(Role::a) + world.count<SessionEnded>(Role::b) == 2; }, 5s));
    EXPECT_LT(world.now() - before, 2s);
    EXPECT_EQ(world.last<SessionEnded>(Role::a)->reason, EndReason::we_closed);
    EXPECT_EQ(world.last<SessionEnded>(Role::b)->reason, EndReason::peer_closed);
}

TEST(Node, ResumesAfterACut) {
    NodeWorld world{4};
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
    for (int i = 0; i < 3; ++i) {
        world.cut(world.newest_stream());
        world.run_for(20ms);
        EXPECT_FALSE(world.online());
        ASSERT_TRUE(world.run_until([&] { return world.online(); }, 60s));
        EXPECT_TRUE(talk(world));
    }
    EXPECT_EQ(world.count<Resumed>(Role::a), 3U);
    EXPECT_EQ(world.count<Resumed>(Role::b), 3U);
}

/// Every chunk boundary until both are connected, in each direction, once and twice in a row: the session always comes to be.
TEST(Node, EveryCutOfTheHandshakeIsSurvived) {
    u64 chunks[2] = {};
    {
        NodeWorld world{5};
        world.begin();
        ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
        chunks[0] = world.chunks_sent(Role::a);
        chunks[1] = world.chunks_sent(Role::b);
    }
    for (Role sender : {Role::a, Role::b}) {
        for (u64 first = 1; first <= chunks[sender == Role::a ? 0 : 1]; ++first) {
            for (u64 second = 0; second <= first + 1; ++second) {
                SCOPED_TRACE((sender == Role::a ? "A " : "B ") + std::to_string(first) + " then " +
                             std::to_string(second));
                NodeWorld world{100 + first};
                world.meddle([&](Role from, u64 number, StreamId, Bytes&) {
                    const bool hit =
                        from == sender && (number == first || (second > 0 && number == first + second));
                    return hit ? NodeWorld::Fate::cut : NodeWorld::Fate::deliver;
                });
                world.begin();
                ASSERT_TRUE(world.run_until([&] { return world.online(); }, 5min));
                ASSERT_TRUE(talk(world));
                ASSERT_EQ(world.count<SessionEnded>(Role::a) + world.count<SessionEnded>(Role::b), 0U);
            }
        }
    }
}

TEST(Node, RotationKeepsTheConversationAndItsVerification) {
    NodeWorld world{6};
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
    world.act(Role::a, [](Node& node, Time now) { node.words_compared(Node::Comparison::equal, now); });
    const Fingerprint before = world.node(Role::b).fingerprint();
    world.act(Role::b, [](Node& node, Time now) { node.rotate_identity(now); });
    ASSERT_TRUE(world.run_until([&] { return world.count<IdentityRotated>(Role::b) == 1; }, 10s));
    EXPECT_TRUE(talk(world));
    ASSERT_EQ(world.count<IdentityRotated>(Role::a), 1U);
    EXPECT_EQ(world.last<IdentityRotated>(Role::a)->old_fingerprint, before);
    EXPECT_EQ(world.last<IdentityRotated>(Role::a)->new_fingerprint, world.node(Role::b).fingerprint());
    EXPECT_EQ(world.node(Role::a).status().verification, Verification::verified);
}

/// On the timer both identities are replaced, and A makes a new connection (new certificates) while the old one still works.
TEST(Node, TheTimerReplacesIdentitiesAndConnectionsAndNothingIsLost) {
    NodeOptions options;
    options.rotation_interval = 5min;
    NodeWorld world{13, NodeWorld::Way::invite, options};
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
    world.act(Role::a, [](Node& node, Time now) { node.words_compared(Node::Comparison::equal, now); });
    const std::array before{world.node(Role::a).fingerprint(), world.node(Role::b).fingerprint()};
    const u64 dials = world.dials();
    std::vector<std::string> said;
    for (int i = 0; i < 130; ++i) {
        said.push_back(std::to_string(i));
        world.say(Role::a, said.back());
        world.say(Role::b, said.back());
        world.run_for(5s);
    }
    world.run_for(5s);
    EXPECT_EQ(world.heard(Role::a), said);
    EXPECT_EQ(world.heard(Role::b), said);
    EXPECT_EQ(world.dials(), dials + 2) << "one planned connection in each of two intervals";
    for (Role role : {Role::a, Role::b}) {
        // Its own and the other's; each supply holds one fresh identity.
        EXPECT_EQ(world.count<IdentityRotated>(role), 2U);
        EXPECT_EQ(world.count<ConnectionLost>(role), 0U) << "the old connection worked until the new one did";
        EXPECT_EQ(world.count<SecurityEvent>(role), 0U);
        EXPECT_NE(world.node(role).fingerprint(), before.at(role == Role::a ? 0 : 1));
        EXPECT_EQ(world.node(role).status().peer_fingerprint, world.node(other(role)).fingerprint());
    }
    EXPECT_EQ(world.node(Role::a).status().verification, Verification::verified);
}

TEST(Node, ADeniableSessionRevealsItsSigningKeysAndEndsCleanly) {
    NodeOptions options;
    options.deniable = true;
    NodeWorld world{7, NodeWorld::Way::invite, options};
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
    EXPECT_TRUE(talk(world));
    world.act(Role::b, [](Node& node, Time now) { node.quit(now); });
    ASSERT_TRUE(world.run_until(
        [&] { return world.count<SessionEnded>(Role::a) + world.count<SessionEnded>(Role::b) == 2; }, 5s));
    EXPECT_EQ(world.count<SecurityEvent>(Role::a) + world.count<SecurityEvent>(Role::b), 0U);
    EXPECT_EQ(world.last<SessionEnded>(Role::b)->reason, EndReason::we_closed);
    EXPECT_EQ(world.last<SessionEnded>(Role::a)->reason, EndReason::peer_closed);
}

TEST(Node, ASpentInviteIsToldToItsHolderAndToTheHost) {
    NodeWorld world{8};
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
    NodeWorld::Latecomer late{world};
    EXPECT_EQ(late.outcome(), EndReason::invite_spent);
    EXPECT_EQ(world.count<SpentInviteTried>(Role::b), 1U);
    EXPECT_TRUE(talk(world));
}

TEST(Node, AHandshakeThatFailsUnderAnInviteSpentMeanwhileIsTold) {
    NodeWorld world{12};
    const NodeWorld::Staller staller{world};
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
    EXPECT_EQ(world.count<HandshakeFailed>(Role::b), 0U);
    world.run_for(15s);
    ASSERT_EQ(world.count<HandshakeFailed>(Role::b), 1U);
    EXPECT_EQ(world.last<HandshakeFailed>(Role::b)->stage, Stage::tls);
    EXPECT_TRUE(talk(world));
}

TEST(Node, AGuestWhoseEveryDialFailsIsToldSo) {
    NodeWorld world{9};
    world.refuse_dials(true);
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.count<SessionEnded>(Role::a) == 1; }, 60s));
    EXPECT_EQ(world.last<SessionEnded>(Role::a)->reason, EndReason::unreachable);
}

TEST(Node, TextsBeforeASessionAreRefusedNotLost) {
    NodeWorld world{10};
    EXPECT_EQ(world.node(Role::a).send_text(bytes_of("x"), world.now()).error(), SendError::no_session);
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
    const Bytes too_long(max_text + 1, 'x');
    EXPECT_EQ(world.node(Role::a).send_text(too_long, world.now()).error(), SendError::too_long);
    EXPECT_EQ(world.node(Role::a).send_text(bytes_of("\xFF"), world.now()).error(), SendError::not_utf8);
    EXPECT_TRUE(world.node(Role::a).send_text(ByteView{too_long}.first(max_text), world.now()));
    world.act(Role::a, [](Node&, Time) {});
    ASSERT_TRUE(world.run_until([&] { return world.heard(Role::b).size() == 1; }, 30s));
    EXPECT_EQ(world.heard(Role::b).front().size(), max_text);
    world.act(Role::a, [](Node& node, Time now) { node.quit(now); });
    EXPECT_EQ(world.node(Role::a).send_text(bytes_of("x"), world.now()).error(), SendError::closing);
}

TEST(Node, RandomnessThatFailsEndsTheSessionAndNothingElse) {
    NodeWorld world{11};
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
    world.break_randomness(Role::a);
    world.say(Role::a, "not sent");
    ASSERT_EQ(world.count<SessionEnded>(Role::a), 1U);
    EXPECT_EQ(world.last<SessionEnded>(Role::a)->reason, EndReason::randomness_failed);
    EXPECT_TRUE(world.heard(Role::b).empty());
}

}  // namespace
}  // namespace chat::test
