#include "double_ratchet/chain.hpp"

#include <gtest/gtest.h>

#include <type_traits>

#include "support/vec_reader.hpp"

namespace chat {
namespace {

static_assert(!std::is_convertible_v<ChainKey<Sending>, ChainKey<Receiving>>);
static_assert(!std::is_copy_constructible_v<MessageKey<Sending>>);

template <class Direction>
void expect_chain(const test::VecBlock& block) {
    const Role sender = block.text("sender") == "A" ? Role::a : Role::b;
    auto key = begin_chain(block.get<ChainSecret<Direction>>("chain_secret"), sender);
    for (const std::string n : {"0", "1", "2"}) {
        EXPECT_TRUE(key.equals(block.get<ChainKey<Direction>>("chain_key_" + n)));
        EXPECT_TRUE(message_key(key).equals(block.get<MessageKey<Direction>>("message_key_" + n)));
        key = next_chain_key(key);
    }
    EXPECT_TRUE(key.equals(block.get<ChainKey<Direction>>("chain_key_3")));
}

TEST(ChainVectors, KeysOfBothSides) {
    const auto blocks = test::read_vec_file(TEST_VECTORS "/ratchet/chain.vec");
    EXPECT_EQ(blocks.size(), 2U);
    for (const auto& block : blocks) {
        expect_chain<Sending>(block);
        expect_chain<Receiving>(block);
    }
}

}  // namespace
}  // namespace chat
