#include "double_ratchet/root_step.hpp"

#include <gtest/gtest.h>

#include "support/vec_reader.hpp"

namespace chat {
namespace {

TEST(RootStepVectors, Start) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/ratchet/start.vec")) {
        const auto root_key = block.get<RootKey>("root_key");
        EXPECT_TRUE(initial_root(root_key).equals(block.get<RatchetRoot>("root_0")));
        const auto hk_1 = block.get<HeaderKey<Sending>>("header_key_1");
        const auto hk_2 = block.get<HeaderKey<Receiving>>("header_key_2");
        EXPECT_TRUE(first_header_key<Sending>(root_key, Role::a).equals(hk_1));
        EXPECT_TRUE(first_header_key<Receiving>(root_key, Role::b).equals(hk_2));
    }
}

template <class Direction>
void expect_step(const test::VecBlock& block) {
    const auto step =
        root_step<Direction>(block.get<RatchetRoot>("root"), block.get<X25519SharedSecret>("dh"),
                             block.get<MlKem1024SharedSecret>("kem"));
    EXPECT_TRUE(step.root.equals(block.get<RatchetRoot>("next_root")));
    EXPECT_TRUE(step.chain_secret.equals(block.get<ChainSecret<Direction>>("chain_secret")));
    EXPECT_TRUE(step.next_header_key.equals(block.get<HeaderKey<Direction>>("next_header_key")));
    EXPECT_TRUE(step.application_secret.equals(block.get<ApplicationSecret>("application_secret")));
}

TEST(RootStepVectors, Step) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/ratchet/root_step.vec")) {
        expect_step<Sending>(block);
        expect_step<Receiving>(block);
    }
}

}  // namespace
}  // namespace chat
