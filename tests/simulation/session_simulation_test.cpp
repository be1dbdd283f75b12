#include <gtest/gtest.h>

#include <functional>

#include "simulation/session_world.hpp"

namespace chat::test {
namespace {

using namespace std::chrono_literals;

std::string random_text(Rng& rng) {
    const std::size_t length = rng.below(20) == 0 ? rng.below(5000) : rng.below(60);
    std::string out(length, ' ');
    for (char& letter : out) letter = static_cast<char>('a' + rng.below(26));
    return out;
}

/// A random conversation of `lines` lines in a hostile world; everything must come out right.
void converse(u64 seed, const WorldRules& rules, u64 lines) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SessionWorld world{seed, rules};
    SeededRng script{seed + 1'000'000};
    world.begin();
    for (u64 i = 0; i < lines; ++i) {
        const u64 pause = script.below(10) == 0 ? script.below(90'000) : script.below(400);
        world.run_until(world.now() + std::chrono::milliseconds{pause});
        const Role who = script.below(2) == 0 ? Role::a : Role::b;
        const u64 burst = script.below(8) == 0 ? 1 + script.below(12) : 1;
        for (u64 k = 0; k < burst; ++k) world.say(who, random_text(script));
        if (script.below(15) == 0) world.rotate(who);
    }
    ASSERT_TRUE(world.settle(30min));
    for (Role role : {Role::a, Role::b}) {
        ASSERT_EQ(world.heard(role), world.said(other(role)));
        ASSERT_FALSE(world.ended(role));
    }
    ASSERT_EQ(world.nonces().reused(), 0U);
    ASSERT_GT(world.nonces().count(SealLayer::body), 0U);
    ASSERT_EQ(world.frame_sizes(), std::set<std::size_t>{cell_size});
}

TEST(SessionSimulation, CalmNetworkDeliversAtOnce) {
    for (u64 seed = 1; seed <= 20; ++seed) converse(seed, {}, 30);
}

TEST(SessionSimulation, SurvivesCutsAndStalls) {
    const WorldRules rules{.cut_per_mille = 30, .stall_per_mille = 10};
    for (u64 seed = 1; seed <= 60; ++seed) converse(seed, rules, 25);
}

TEST(SessionSimulation, RefusesDamageAndRepetition) {
    const WorldRules rules{.damage_per_mille = 30, .repeat_per_mille = 40};
    for (u64 seed = 1; seed <= 60; ++seed) converse(seed, rules, 25);
}

/// Ten thousand seeds, in parts that run beside each other.
class TenThousandSeeds : public testing::TestWithParam<u64> {};

TEST_P(TenThousandSeeds, EverythingAtOnce) {
    const WorldRules rules{
        .cut_per_mille = 20, .stall_per_mille = 8, .damage_per_mille = 10, .repeat_per_mille = 20};
    constexpr u64 part = 1000;
    for (u64 seed = 10'000 + part * GetParam(); seed < 10'000 + part * (GetParam() + 1); ++seed) {
        converse(seed, rules, 12);
        if (HasFatalFailure()) return;
    }
}
INSTANTIATE_TEST_SUITE_P(SessionSimulation, TenThousandSeeds, testing::Range<u64>(0, 10));

TEST(SessionSimulation, EveryDamagedFrameIsRefused) {
    SessionWorld world{7, {.damage_per_mille = 1000}};
    world.begin();
    world.run_until(world.now() + 30s);
    EXPECT_GT(world.damaged(), 0U);
    EXPECT_EQ(world.refused(), world.damaged());
    EXPECT_TRUE(world.heard(Role::a).empty());
    EXPECT_TRUE(world.heard(Role::b).empty());
}

/// What is cut in the tests below: something that both sides do in the middle of a conversation.
struct Undertaking {
    std::function<void(SessionWorld&)> begin;
    std::function<bool(SessionWorld&)> done;
};

/// Runs into the middle of a conversation and begins.
void lead_to(SessionWorld& world, const Undertaking& undertaking) {
    world.begin();
    world.say(Role::a, "before");
    world.say(Role::b, "before");
    world.run_until(world.now() + 2s);
    undertaking.begin(world);
    world.say(Role::a, "during");
    world.say(Role::b, "during");
}

/// One cut at every frame, in each direction, alone and with a second one soon after: the undertaking succeeds and nothing is lost.
void cut_everywhere(const Undertaking& undertaking) {
    std::array<u64, 2> before{};
    std::array<u64, 2> after{};
    {
        SessionWorld world{3, {}};
        world.begin();
        world.run_until(world.now() + 2s);
        before = {world.frames_sent(Role::a), world.frames_sent(Role::b)};
    }
    {
        SessionWorld world{3, {}};
        lead_to(world, undertaking);
        world.run_until(world.now() + 5s);
        ASSERT_TRUE(undertaking.done(world));
        after = {world.frames_sent(Role::a), world.frames_sent(Role::b)};
    }
    for (Role sender : {Role::a, Role::b}) {
        const std::size_t side = sender == Role::a ? 0 : 1;
        ASSERT_GT(after.at(side), before.at(side) + 2);
        for (u64 first = before.at(side) + 1; first <= after.at(side); ++first) {
            for (u64 gap = 0; gap <= 6; ++gap) {
                SCOPED_TRACE((sender == Role::a ? "A " : "B ") + std::to_string(first) + " + " +
                             std::to_string(gap));
                SessionWorld world{3, {}};
                std::vector<SessionWorld::CutAt> cuts{{sender, first}};
                if (gap > 0) cuts.push_back({sender, first + gap});
                world.plan_cuts(cuts);
                lead_to(world, undertaking);
                world.run_until(world.now() + 5min);
                world.say(Role::a, "after");
                world.say(Role::b, "after");
                ASSERT_TRUE(world.settle(30min));
                ASSERT_TRUE(undertaking.done(world));
                ASSERT_EQ(world.heard(Role::a), world.said(Role::b));
                ASSERT_EQ(world.heard(Role::b), world.said(Role::a));
                ASSERT_EQ(world.refused(), 0U) << "an honest cell was taken for a replay or for damage";
                ASSERT_EQ(world.nonces().reused(), 0U);
            }
        }
    }
}

TEST(SessionCuts, OfAResumptionDialledByEitherSide) {
    for (Role dialler : {Role::a, Role::b}) {
        cut_everywhere({[=](SessionWorld& world) { world.reconnect_by(dialler); },
                        [](SessionWorld& world) {
                            return world.session(Role::a).online() && world.session(Role::b).online();
                        }});
    }
}

TEST(SessionCuts, OfAnIdentityRotation) {
    for (Role who : {Role::a, Role::b}) {
        cut_everywhere({[=](SessionWorld& world) { world.rotate(who); },
                        [=](SessionWorld& world) { return world.rotations_seen(other(who)) == 1; }});
    }
}

TEST(SessionCuts, OfASigningKeyReplacement) {
    // The hour passes at once: no heartbeat is due in between, since time is the test's.
    cut_everywhere({[](SessionWorld& world) { world.skip(1h); },
                    [](SessionWorld& world) {
                        return world.session(Role::a).conversation().cipher().own_efk_index() == 1 &&
                               world.session(Role::b).conversation().cipher().own_efk_index() == 1;
                    }});
}

TEST(SessionSimulation, CoverTrafficIsConstantWhateverIsSaid) {
    std::array<u64, 2> frames{};
    for (const bool talkative : {false, true}) {
        SessionWorld world{11, {.most_delay = 1ms, .cover = 20}};
        world.begin();
        for (int i = 0; i < 20; ++i) {
            if (talkative) world.say(Role::a, std::string(3000, 'x'));
            world.run_until(world.now() + 1s);
        }
        frames.at(talkative ? 1 : 0) = world.frames_sent(Role::a);
        EXPECT_NEAR(static_cast<double>(world.frames_sent(Role::a)), 400.0, 3.0);
        if (talkative) {
            ASSERT_TRUE(world.settle(10min));
            EXPECT_EQ(world.heard(Role::b), world.said(Role::a));
        }
    }
    EXPECT_EQ(frames.at(0), frames.at(1));
}

std::vector<SecurityEventKind> security_events(Session& session) {
    std::vector<SecurityEventKind> out;
    while (auto output = session.poll()) {
        const auto* event = std::get_if<Event>(&*output);
        if (event == nullptr) continue;
        if (const auto* security = std::get_if<SecurityEvent>(event)) out.push_back(security->kind);
    }
    return out;
}

TEST(SessionSimulation, FramesThatDoNotBelongAreRefusedAndTheSessionGoesOn) {
    SessionWorld world{14, {}};
    world.begin();
    world.run_until(world.now() + 1s);
    Session& b = world.session(Role::b);
    const Bytes noise(resume_frame_size, 0x55);
    b.receive(1, FrameKind::resume, noise, world.now());
    EXPECT_EQ(security_events(b), std::vector{SecurityEventKind::resume_frame_refused});
    b.receive(1, FrameKind::alert, {}, world.now());
    EXPECT_EQ(security_events(b), std::vector{SecurityEventKind::frame_refused});
    b.receive(99, FrameKind::cell, noise, world.now());
    EXPECT_EQ(security_events(b), std::vector{SecurityEventKind::frame_refused});
    EXPECT_TRUE(b.online());
    world.say(Role::a, "still there");
    ASSERT_TRUE(world.settle(1min));
    EXPECT_EQ(world.heard(Role::b), world.said(Role::a));
}

TEST(SessionSimulation, LostIdentityKeysEndTheSessionAndSaySo) {
    SessionWorld world{13, {}};
    world.begin();
    world.run_until(world.now() + 1s);
    world.lose_identity_keys(Role::a);
    world.rotate(Role::a);
    ASSERT_TRUE(world.ended(Role::a));
    EXPECT_EQ(world.ended(Role::a)->reason, EndReason::identity_keys_lost);
    EXPECT_EQ(world.ended(Role::a)->detail, describe(KeyError::unavailable));
    EXPECT_EQ(world.rotations_seen(Role::b), 0U);
}

TEST(SessionSimulation, UnconfirmedLinesAreNamedWhenTimeIsOver) {
    SessionWorld world{12, {.cut_per_mille = 1000}};
    world.begin();
    world.run_until(world.now() + 1s);
    world.say(Role::a, "never heard");
    world.run_until(world.now() + 25h);
    ASSERT_TRUE(world.ended(Role::a));
    EXPECT_EQ(world.ended(Role::a)->reason, EndReason::resume_time_over);
}

}  // namespace
}  // namespace chat::test
