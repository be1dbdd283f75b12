#include <gtest/gtest.h>

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
    ASSERT_EQ(world.nonces().repeated(), 0U);
    ASSERT_GT(world.nonces().size(), 0U);
    ASSERT_EQ(world.frame_sizes(), std::set<std::size_t>{cell_size});
}

TEST(SessionSimulation, CalmNetworkDeliversAtOnce) {
    for (u64 seed = 1; seed <= 20; ++seed) converse(seed, {}, 30);
}

TEST(SessionSimulation, SurvivesCutsAndStalls) {
    const WorldRules rules{.cut_per_mille = 30, .stall_per_mille = 10};
    for (u64 seed = 1; seed <= 150; ++seed) converse(seed, rules, 25);
}

TEST(SessionSimulation, RefusesDamageAndRepetition) {
    const WorldRules rules{.damage_per_mille = 30, .repeat_per_mille = 40};
    for (u64 seed = 1; seed <= 150; ++seed) converse(seed, rules, 25);
}

TEST(SessionSimulation, EverythingAtOnce) {
    const WorldRules rules{
        .cut_per_mille = 20, .stall_per_mille = 8, .damage_per_mille = 10, .repeat_per_mille = 20};
    for (u64 seed = 1; seed <= 200; ++seed) converse(seed, rules, 20);
}

TEST(SessionSimulation, LongTenThousandSeeds) {
    const WorldRules rules{
        .cut_per_mille = 20, .stall_per_mille = 8, .damage_per_mille = 10, .repeat_per_mille = 20};
    for (u64 seed = 10'000; seed < 20'000; ++seed) {
        converse(seed, rules, 15);
        if (testing::Test::HasFatalFailure()) return;
    }
}

TEST(SessionSimulation, EveryDamagedFrameIsRefused) {
    SessionWorld world{7, {.damage_per_mille = 1000}};
    world.begin();
    world.run_until(world.now() + 30s);
    EXPECT_GT(world.damaged(), 0U);
    EXPECT_EQ(world.refused(), world.damaged());
    EXPECT_TRUE(world.heard(Role::a).empty());
    EXPECT_TRUE(world.heard(Role::b).empty());
}

}  // namespace
}  // namespace chat::test
