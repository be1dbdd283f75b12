#include "double_ratchet/falcon_cell_signer.hpp"

#include <gtest/gtest.h>

#include "double_ratchet/own_efk.hpp"
#include "double_ratchet/peer_efks.hpp"
#include "support/seeded_rng.hpp"

namespace chat {
namespace {

class FalconCellSignerTest : public testing::Test {
  protected:
    std::unique_ptr<CellSigner> make_signer() {
        const falcon1024::KeyPair pair = falcon1024::generate_key_pair(rng);
        return std::make_unique<FalconCellSigner>(falcon1024::ExpandedSigningKey{pair.secret_key},
                                                  pair.public_key);
    }

    test::SeededRng rng{61};
    FalconCellVerifierLoader loader;
};

TEST_F(FalconCellSignerTest, SignsWhatTheLoadedVerifierAccepts) {
    const auto signer = make_signer();
    const auto verifier = loader.load(signer->public_key());
    ASSERT_NE(verifier, nullptr);
    EXPECT_EQ(verifier->public_key(), signer->public_key());
    const Bytes message(4500, 7);
    auto signature = signer->sign(message, rng);
    EXPECT_TRUE(verifier->verify(message, signature));
    EXPECT_FALSE(verifier->verify(ByteView{message}.first(4499), signature));
    signature.bytes[700] ^= 1U;
    EXPECT_FALSE(verifier->verify(message, signature));
}

TEST_F(FalconCellSignerTest, LoadsNoMalformedKey) {
    falcon1024::PublicKey key = make_signer()->public_key();
    key.bytes[0] ^= 1U;
    EXPECT_EQ(loader.load(key), nullptr);
    key.bytes.fill(0xff);
    EXPECT_EQ(loader.load(key), nullptr);
}

TEST_F(FalconCellSignerTest, CellsAndAReplacement) {
    const CellOrigin origin{rng.bytes<SessionIdBytes>(), Role::a};
    OwnEfk own{make_signer()};
    PeerEfks peer{loader.load(own.public_key()), loader, 8};
    const auto verified = [&](u32 index, u64 position) {
        Cell cell = rng.bytes<Cell>();
        const CellParts parts = parts_of(cell.bytes);
        const auto signature = own.sign_cell(origin, parts.header, parts.body, rng);
        std::copy(signature.bytes.begin(), signature.bytes.end(), cell.bytes.end() - cell_signature_size);
        return peer.verify_cell(index, position, origin, parts).has_value();
    };
    EXPECT_TRUE(verified(0, 0));
    const auto announcement = own.announce(origin, make_signer(), rng);
    ASSERT_TRUE(peer.accept_announcement(origin, announcement.bytes));
    own.activate();
    EXPECT_TRUE(verified(1, 1));
    EXPECT_FALSE(verified(0, 2));
}

}  // namespace
}  // namespace chat
