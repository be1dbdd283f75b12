#include "double_ratchet/body.hpp"

#include <gtest/gtest.h>

#include "support/ratchet_vectors.hpp"

namespace chat {
namespace {

class BodyVectors : public testing::TestWithParam<std::size_t> {
  protected:
    const test::VecBlock block = test::read_vec_file(TEST_VECTORS "/ratchet/cell.vec").at(GetParam());
    const CellOrigin origin = test::origin_of(block);
    Bytes header_storage;
    Bytes body_storage;
    Bytes sealed_storage;
    const EncryptedHeaderView header =
        test::view_of<encrypted_header_size>(block, "sealed_header", header_storage);
    const std::span<const u8, body_size> body = test::view_of<body_size>(block, "body", body_storage);
    const EncryptedBodyView sealed = test::view_of<encrypted_body_size>(block, "sealed_body", sealed_storage);
};

TEST_P(BodyVectors, Seals) {
    std::array<u8, encrypted_body_size> out{};
    seal_body(block.get<MessageKey<Sending>>("message_key"), origin, header, body, out, nullptr);
    EXPECT_TRUE(std::equal(out.begin(), out.end(), sealed.begin()));
}

TEST_P(BodyVectors, OpensUnderItsKeyOriginAndHeaderAlone) {
    const auto key = block.get<MessageKey<Receiving>>("message_key");
    std::array<u8, body_size> out{};
    ASSERT_TRUE(open_body(key, origin, header, sealed, out));
    EXPECT_TRUE(std::equal(out.begin(), out.end(), body.begin()));

    const std::array<u8, body_size> zeros{};
    EXPECT_FALSE(open_body(key, {origin.session_id, other(origin.sender)}, header, sealed, out));
    EXPECT_EQ(out, zeros);
    Bytes other_header = header_storage;
    other_header.back() ^= 1U;
    EXPECT_FALSE(open_body(key, origin, EncryptedHeaderView{other_header}, sealed, out));
    EXPECT_EQ(out, zeros);
}

struct Recorder final : SealObserver {
    void sealing(SealLayer layer, ByteView key, ByteView nonce) override {
        layers.push_back(layer);
        key_bytes.assign(key.begin(), key.end());
        nonce_bytes.assign(nonce.begin(), nonce.end());
    }
    std::vector<SealLayer> layers;
    Bytes key_bytes;
    Bytes nonce_bytes;
};

TEST_P(BodyVectors, TellsTheObserverKeyAndNonce) {
    Recorder recorder;
    std::array<u8, encrypted_body_size> out{};
    seal_body(block.get<MessageKey<Sending>>("message_key"), origin, header, body, out, &recorder);
    EXPECT_EQ(recorder.layers, std::vector{SealLayer::body});
    EXPECT_EQ(recorder.key_bytes.size(), 32U);
    EXPECT_EQ(recorder.nonce_bytes.size(), 12U);
}

INSTANTIATE_TEST_SUITE_P(BothSides, BodyVectors, testing::Values(0, 1));

}  // namespace
}  // namespace chat
