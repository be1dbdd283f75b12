#include "double_ratchet/header.hpp"

#include <gtest/gtest.h>

#include "support/ratchet_vectors.hpp"

namespace chat {
namespace {

ChainFields fields_of(const test::VecBlock& block) {
    return {{block.get<X25519PublicKey>("ratchet_dh"), block.get<MlKem1024EncapsulationKey>("ratchet_kem")},
            block.get<MlKem1024Ciphertext>("ciphertext"),
            test::u32_of(block, "previous_length")};
}

class HeaderVectors : public testing::TestWithParam<std::size_t> {
  protected:
    const test::VecBlock block = test::read_vec_file(TEST_VECTORS "/ratchet/cell.vec").at(GetParam());
    const CellOrigin origin = test::origin_of(block);
    const HeaderBytes header = block.get<HeaderBytes>("header");
    Bytes storage;
    const EncryptedHeaderView sealed = test::view_of<encrypted_header_size>(block, "sealed_header", storage);
};

TEST_P(HeaderVectors, EncodesAndDecodes) {
    const CellIndex index{test::u32_of(block, "epoch"), test::u32_of(block, "number")};
    const u32 efk_index = test::u32_of(block, "efk_index");
    EXPECT_EQ(encode_header(fields_of(block), index, efk_index), header);
    EXPECT_EQ(decode_header(header), (RatchetHeader{fields_of(block), index, efk_index}));
}

TEST_P(HeaderVectors, Seals) {
    std::array<u8, encrypted_header_size> out{};
    seal_header(block.get<HeaderKey<Sending>>("header_key"), origin, block.get<HeaderNonce>("header_nonce"),
                header, out);
    EXPECT_TRUE(std::equal(out.begin(), out.end(), sealed.begin()));
}

TEST_P(HeaderVectors, OpensUnderItsKeySessionAndDirectionAlone) {
    const auto key = block.get<HeaderKey<Receiving>>("header_key");
    HeaderBytes out;
    ASSERT_TRUE(open_header(key, origin, sealed, out));
    EXPECT_EQ(out, header);

    EXPECT_FALSE(open_header(key, {origin.session_id, other(origin.sender)}, sealed, out));
    EXPECT_EQ(out, HeaderBytes{});
    CellOrigin other_session = origin;
    other_session.session_id.bytes[31] ^= 1U;
    EXPECT_FALSE(open_header(key, other_session, sealed, out));
    auto other_key = key.clone();
    other_key.expose_mutable()[0] ^= 1U;
    EXPECT_FALSE(open_header(other_key, origin, sealed, out));
}

INSTANTIATE_TEST_SUITE_P(BothSides, HeaderVectors, testing::Values(0, 1));

}  // namespace
}  // namespace chat
