/// What an observer of the wire sees (docs/protocol.md 8), and what an attacker on it can do (docs/protocol.md 12).

#include <gtest/gtest.h>

#include <set>

#include "ca_services/bootstrap.hpp"
#include "simulation/node_world.hpp"

namespace chat::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t tls_header = 5;

/// Lengths of the TLS records in one write; the write must consist of whole records of application data.
std::vector<std::size_t> record_sizes(ByteView chunk) {
    std::vector<std::size_t> out;
    while (chunk.size() >= tls_header) {
        EXPECT_EQ(chunk[0], 23);
        const std::size_t length = static_cast<std::size_t>(chunk[3]) << 8U | chunk[4];
        EXPECT_GE(chunk.size(), tls_header + length);
        out.push_back(length);
        chunk = chunk.subspan(std::min(chunk.size(), tls_header + length));
    }
    EXPECT_TRUE(chunk.empty());
    return out;
}

TEST(WireImage, EverythingAfterTheKeyExchangeIsOneSizeInBothDirections) {
    NodeOptions options;
    options.rotation_interval = 0s;
    NodeWorld world{21, NodeWorld::Way::invite, options};
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
    std::map<Role, std::set<std::size_t>> sizes;
    std::map<Role, std::size_t> records;
    world.meddle([&](Role from, u64, StreamId, Bytes& chunk) {
        for (std::size_t size : record_sizes(chunk)) {
            sizes[from].insert(size);
            ++records[from];
        }
        return NodeWorld::Fate::deliver;
    });
    for (std::size_t length : {0U, 1U, 100U, 1000U, 60'000U}) {
        world.say(Role::a, std::string(length, 'x'));
        world.run_for(1s);
        world.say(Role::b, std::string(length, 'y'));
        world.run_for(1s);
    }
    for (Role role : {Role::a, Role::b}) {
        world.act(role, [](Node& node, Time now) { node.typing(now); });
        world.act(role, [](Node& node, Time now) { node.rotate_identity(now); });
        world.run_for(2s);
    }
    world.run_for(70s);
    ASSERT_EQ(world.heard(Role::a).size(), 5U);
    ASSERT_EQ(world.heard(Role::b).size(), 5U);
    ASSERT_EQ(world.count<IdentityRotated>(Role::a), 2U);
    ASSERT_GT(world.count<PeerTyping>(Role::a) + world.count<PeerTyping>(Role::b), 1U);
    for (Role role : {Role::a, Role::b}) {
        EXPECT_EQ(sizes[role].size(), 1U);
        EXPECT_GT(records[role], 80U);
        // kind 1 | cell 5632 | TLS content type 1 | tag 16
        EXPECT_EQ(*sizes[role].begin(), 1 + 5632 + 1 + 16U);
    }
}

TEST(WireImage, DialToFirstMessageTakesFiveRoundTripsAtMost) {
    // The world delivers every write after half a round trip; the dial itself counts one for TCP.
    NodeWorld world{22};
    world.begin();
    const Time begun = world.now();
    ASSERT_TRUE(world.run_until([&] { return world.count<Connected>(Role::a) == 1; }, 30s));
    const Duration round_trip = 10ms;
    EXPECT_LE(world.now() - begun, 5 * round_trip);
}

/// Runs a handshake that something was done to: it must end in a session that works or in a refusal that somebody is told.
void expect_refused_or_unharmed(NodeWorld& world) {
    world.begin();
    world.run_until([&] { return world.online() || world.count<SessionEnded>(Role::a) > 0; }, 3min);
    if (world.online()) {
        world.say(Role::a, "still right");
        ASSERT_TRUE(world.run_until([&] { return !world.heard(Role::b).empty(); }, 60s));
        ASSERT_EQ(world.heard(Role::b).front(), "still right");
        return;
    }
    ASSERT_EQ(world.count<SessionEnded>(Role::a), 1U);
    ASSERT_EQ(world.count<TextReceived>(Role::a) + world.count<TextReceived>(Role::b), 0U);
    ASSERT_EQ(world.count<Connected>(Role::a), 0U);
}

TEST(Attacker, AFlippedBitAnywhereInTheHandshakeIsRefused) {
    SeededRng rng{31};
    for (Role sender : {Role::a, Role::b}) {
        // Of A: hello; finish and ClientHello; Finished and bundle; resp; first cell. Of B: reply; server's flight; init; first cell.
        const u64 writes = sender == Role::a ? 5 : 4;
        for (u64 chunk_number = 1; chunk_number <= writes; ++chunk_number) {
            for (int attempt = 0; attempt < 6; ++attempt) {
                NodeWorld world{300 + chunk_number};
                const u64 draw = rng.below(1U << 30U);
                bool flipped = false;
                world.meddle([&](Role from, u64 number, StreamId, Bytes& chunk) {
                    if (from == sender && number == chunk_number) {
                        const u64 bit = attempt == 0   ? 0
                                        : attempt == 1 ? chunk.size() * 8 - 1
                                                       : draw % (chunk.size() * 8);
                        chunk[bit / 8] ^= static_cast<u8>(1U << (bit % 8));
                        flipped = true;
                    }
                    return NodeWorld::Fate::deliver;
                });
                SCOPED_TRACE((sender == Role::a ? "A " : "B ") + std::to_string(chunk_number) + ", attempt " +
                             std::to_string(attempt));
                expect_refused_or_unharmed(world);
                EXPECT_TRUE(flipped);
            }
        }
    }
}

TEST(Attacker, AFailedHandshakeIsCounted) {
    NodeWorld world{43};
    world.meddle([&](Role from, u64 number, StreamId, Bytes& chunk) {
        if (from == Role::b && number == 3) chunk[chunk.size() / 2] ^= 1U;
        return NodeWorld::Fate::deliver;
    });
    expect_refused_or_unharmed(world);
    EXPECT_EQ(world.node(Role::a).monitor().total(SecurityEventKind::handshake_refused),
              world.count<HandshakeFailed>(Role::a));
    EXPECT_GE(world.count<HandshakeFailed>(Role::a), 1U);
}

TEST(Attacker, ADroppedWriteNeverHangsTheHandshake) {
    for (Role sender : {Role::a, Role::b}) {
        for (u64 dropped = 1; dropped <= 6; ++dropped) {
            SCOPED_TRACE((sender == Role::a ? "A " : "B ") + std::to_string(dropped));
            NodeWorld world{400 + dropped};
            world.meddle([&](Role from, u64 number, StreamId, Bytes&) {
                return from == sender && number == dropped ? NodeWorld::Fate::drop : NodeWorld::Fate::deliver;
            });
            expect_refused_or_unharmed(world);
        }
    }
}

TEST(Attacker, AReplayedHandshakeGetsNoByteBack) {
    NodeWorld world{41};
    std::vector<Bytes> recorded;
    world.meddle([&](Role from, u64, StreamId, Bytes& chunk) {
        if (from == Role::a) recorded.push_back(chunk);
        return NodeWorld::Fate::deliver;
    });
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
    ASSERT_EQ(recorded.front().size(), bootstrap_hello_size);

    const u64 before = world.chunks_sent(Role::b);
    const StreamId stream = world.open_as_stranger();
    world.inject(stream, Role::b, recorded.front());
    world.run_for(5s);
    EXPECT_EQ(world.bytes_to_stranger(stream), 0U);
    EXPECT_EQ(world.node(Role::b).monitor().total(SecurityEventKind::hello_replayed), 1U);
    ASSERT_EQ(world.count<SecurityWarning>(Role::b), 1U);
    EXPECT_EQ(world.last<SecurityWarning>(Role::b)->kind, SecurityEventKind::hello_replayed);
    EXPECT_TRUE(world.online());
    EXPECT_GE(world.chunks_sent(Role::b), before);
}

TEST(Attacker, AReflectedHelloIsRefused) {
    NodeWorld world{42};
    bool reflected = false;
    world.meddle([&](Role from, u64, StreamId stream, Bytes& chunk) {
        if (from == Role::a && !reflected) {
            reflected = true;
            Bytes copy = chunk;
            copy.resize(bootstrap_reply_size, 0x11);
            world.inject(stream, Role::a, copy);
            return NodeWorld::Fate::drop;
        }
        return NodeWorld::Fate::deliver;
    });
    expect_refused_or_unharmed(world);
}

TEST(Attacker, WritesSplicedFromAnotherSessionAreRefused) {
    for (u64 spliced = 1; spliced <= 5; ++spliced) {
        for (Role sender : {Role::a, Role::b}) {
            SCOPED_TRACE((sender == Role::a ? "A " : "B ") + std::to_string(spliced));
            Bytes foreign;
            NodeWorld other_world{51};
            other_world.meddle([&](Role from, u64 number, StreamId, Bytes& chunk) {
                if (from == sender && number == spliced) foreign = chunk;
                return NodeWorld::Fate::deliver;
            });
            other_world.begin();
            ASSERT_TRUE(other_world.run_until([&] { return other_world.online(); }, 30s));
            NodeWorld world{52};
            world.meddle([&](Role from, u64 number, StreamId, Bytes& chunk) {
                if (from == sender && number == spliced) chunk = foreign;
                return NodeWorld::Fate::deliver;
            });
            expect_refused_or_unharmed(world);
        }
    }
}

TEST(Attacker, AFlippedBitInACellCostsOneResumptionAndNothingElse) {
    NodeWorld world{61};
    world.begin();
    ASSERT_TRUE(world.run_until([&] { return world.online(); }, 30s));
    int flips = 0;
    world.meddle([&](Role from, u64, StreamId, Bytes& chunk) {
        if (from == Role::a && flips < 3 && chunk.size() > 5000) {
            chunk[2000] ^= 1U;
            ++flips;
        }
        return NodeWorld::Fate::deliver;
    });
    world.say(Role::a, "one");
    world.say(Role::a, "two");
    ASSERT_TRUE(world.run_until([&] { return world.heard(Role::b).size() == 2; }, 5min));
    EXPECT_EQ(world.heard(Role::b), (std::vector<std::string>{"one", "two"}));
    EXPECT_EQ(flips, 3);
    // The first hit a cell; those that hit the handshake of a redial never reached the session.
    EXPECT_GE(world.node(Role::b).monitor().total(SecurityEventKind::record_refused), 1U);
    EXPECT_EQ(world.node(Role::b).monitor().total(SecurityEventKind::frame_refused), 0U);
    EXPECT_GE(world.count<SecurityWarning>(Role::b), 1U);
    EXPECT_GE(world.count<Resumed>(Role::a), 1U);
    EXPECT_EQ(world.count<SessionEnded>(Role::a) + world.count<SessionEnded>(Role::b), 0U);
}

/// The honest limit (docs/protocol.md 2): without an invite, and while nobody compares the words, somebody can sit in the middle.
TEST(Attacker, InTheMiddleOfAnOpenSessionIsPossibleAndShowsAsDifferingWords) {
    NodeWorld with_alice{71, NodeWorld::Way::open};
    NodeWorld with_bob{72, NodeWorld::Way::open};
    for (NodeWorld* world : {&with_alice, &with_bob}) {
        world->begin();
        ASSERT_TRUE(world->run_until([&] { return world->online(); }, 30s));
    }
    with_alice.say(Role::a, "secret");
    ASSERT_TRUE(with_alice.run_until([&] { return !with_alice.heard(Role::b).empty(); }, 30s));
    with_bob.say(Role::a, with_alice.heard(Role::b).front());
    ASSERT_TRUE(with_bob.run_until([&] { return !with_bob.heard(Role::b).empty(); }, 30s));
    EXPECT_EQ(with_bob.heard(Role::b).front(), "secret");

    const auto* alice = with_alice.last<PeerIdentified>(Role::a);
    const auto* bob = with_bob.last<PeerIdentified>(Role::b);
    EXPECT_NE(alice->words, bob->words);
    EXPECT_EQ(alice->verification, Verification::unverified);
    EXPECT_EQ(bob->verification, Verification::unverified);
    with_alice.act(Role::a,
                   [](Node& node, Time now) { node.words_compared(Node::Comparison::different, now); });
    EXPECT_EQ(with_alice.last<VerificationChanged>(Role::a)->verification, Verification::words_differ);
    ASSERT_TRUE(with_alice.run_until([&] { return with_alice.count<SessionEnded>(Role::a) == 1; }, 10s));
}

}  // namespace
}  // namespace chat::test
