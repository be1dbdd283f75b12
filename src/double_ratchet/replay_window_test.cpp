#include "double_ratchet/replay_window.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "support/ratchet_vectors.hpp"
#include "support/seeded_rng.hpp"

namespace chat {
namespace {

TEST(CellIdVectors, FirstBytesOfSha256) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/ratchet/cell.vec")) {
        Bytes storage;
        EXPECT_EQ(id_of(test::view_of<cell_size>(block, "cell", storage)), block.get<CellId>("cell_id"));
    }
}

TEST(ReplayWindow, RemembersTheLastOnesAndForgetsOlderOnes) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{5}, std::size_t{64}}) {
        test::SeededRng rng{size};
        ReplayWindow window{size};
        std::deque<CellId> added;
        for (std::size_t n = 0; n < 3 * size + 1; ++n) {
            const auto id = rng.bytes<CellId>();
            EXPECT_FALSE(window.contains(id));
            window.add(id);
            added.push_front(id);
            for (std::size_t age = 0; age < added.size(); ++age) {
                EXPECT_EQ(window.contains(added[age]), age < size) << size << ' ' << age;
            }
        }
    }
}

TEST(ReplayWindow, KeepsIdsApartThatFallIntoOneBucket) {
    ReplayWindow window{3};
    for (u8 last = 0; last < 10; ++last) {
        CellId id;
        id.bytes[15] = last;
        window.add(id);
        id.bytes[15] = static_cast<u8>(last + 1);
        EXPECT_FALSE(window.contains(id));
        for (u8 age = 0; age <= std::min<u8>(last, 4); ++age) {
            id.bytes[15] = static_cast<u8>(last - age);
            EXPECT_EQ(window.contains(id), age < 3);
        }
    }
}

}  // namespace
}  // namespace chat
