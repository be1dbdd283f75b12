#include "application_cipher/application_chain.hpp"

#include <gtest/gtest.h>

#include "support/vec_reader.hpp"

namespace chat {
namespace {

template <class Direction>
void expect_chain(const test::VecBlock& block) {
    const auto root = initial_application_root(block.get<BootstrapSecret>("bootstrap_secret"),
                                               block.get<BootstrapTranscript>("bootstrap_transcript"));
    EXPECT_TRUE(root.equals(block.get<ApplicationRoot>("root_0")));
    const auto step = application_step<Direction>(root, block.get<ApplicationSecret>("application_secret"));
    EXPECT_TRUE(step.root.equals(block.get<ApplicationRoot>("root_1")));
    EXPECT_TRUE(step.chain_key.equals(block.get<ApplicationChainKey<Direction>>("chain_key_0")));
    EXPECT_TRUE(application_message_key(step.chain_key)
                    .equals(block.get<ApplicationMessageKey<Direction>>("message_key_0")));
    const auto next = next_application_chain_key(step.chain_key);
    EXPECT_TRUE(next.equals(block.get<ApplicationChainKey<Direction>>("chain_key_1")));
    EXPECT_TRUE(
        application_message_key(next).equals(block.get<ApplicationMessageKey<Direction>>("message_key_1")));
}

TEST(ApplicationChainVectors, RootStepAndKeys) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/ratchet/application.vec")) {
        expect_chain<Sending>(block);
        expect_chain<Receiving>(block);
    }
}

}  // namespace
}  // namespace chat
