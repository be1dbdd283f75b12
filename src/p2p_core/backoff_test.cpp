#include "p2p_core/backoff.hpp"

#include <gtest/gtest.h>

#include "support/seeded_rng.hpp"

namespace chat {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesUpToItsLimit) {
    constexpr u64 seed = 1;
    SCOPED_TRACE(seed);
    test::SeededRng rng{seed};
    Backoff backoff{{500ms, 3s}};
    for (Duration ceiling : {500ms, 1000ms, 2000ms, 3000ms, 3000ms, 3000ms}) {
        const Duration pause = backoff.next(rng);
        EXPECT_GE(pause, ceiling / 2);
        EXPECT_LE(pause, ceiling);
    }
    backoff.reset();
    EXPECT_LE(backoff.next(rng), 500ms);
}

TEST(Backoff, TwoPeersDontDrawTheSame) {
    test::SeededRng one{1};
    test::SeededRng two{2};
    EXPECT_NE(Backoff{}.next(one), Backoff{}.next(two));
}

TEST(Backoff, StaysAsItIsWhenRandomnessFails) {
    test::SeededRng source{3};
    test::FailingRng failing{source, 1};
    Backoff backoff{{1s, 30s}};
    EXPECT_THROW(static_cast<void>(backoff.next(failing)), RngFailure);
    EXPECT_LE(backoff.next(source), 1s);
}

}  // namespace
}  // namespace chat
