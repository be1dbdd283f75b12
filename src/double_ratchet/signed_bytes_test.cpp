#include "double_ratchet/signed_bytes.hpp"

#include <gtest/gtest.h>

#include "support/ratchet_vectors.hpp"

namespace chat {
namespace {

TEST(SignedBytesVectors, Cell) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/ratchet/cell.vec")) {
        const VerificationKeyHash hash = verification_key_hash(block.get<falcon1024::PublicKey>("efk").bytes);
        EXPECT_EQ(hash, block.get<VerificationKeyHash>("efk_hash"));
        Bytes storage;
        const CellParts parts = parts_of(test::view_of<cell_size>(block, "cell", storage));
        EXPECT_EQ(signed_cell_bytes(hash, test::origin_of(block), parts.header, parts.body),
                  block.bytes("signed_bytes"));
    }
}

TEST(SignedBytesVectors, Announcement) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/ratchet/announcement.vec")) {
        const VerificationKeyHash hash = verification_key_hash(block.get<falcon1024::PublicKey>("efk").bytes);
        EXPECT_EQ(signed_announcement_bytes(hash, test::origin_of(block), test::u32_of(block, "index"),
                                            block.get<falcon1024::PublicKey>("new_efk")),
                  block.bytes("signed_bytes"));
    }
}

}  // namespace
}  // namespace chat
