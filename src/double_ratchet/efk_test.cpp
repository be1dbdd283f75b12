#include <gtest/gtest.h>

#include "double_ratchet/own_efk.hpp"
#include "double_ratchet/peer_efks.hpp"
#include "support/mac_cell_signer.hpp"
#include "support/ratchet_vectors.hpp"
#include "support/seeded_rng.hpp"

namespace chat {
namespace {

TEST(EfkAnnouncementVectors, EncodesAndDecodes) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/ratchet/announcement.vec")) {
        const EfkAnnouncement announcement{test::u32_of(block, "index"),
                                           block.get<falcon1024::PublicKey>("new_efk"),
                                           block.get<falcon1024::PaddedSignature>("signature")};
        const auto bytes = block.get<EfkAnnouncementBytes>("message");
        EXPECT_EQ(announcement.encode(), bytes);
        const auto decoded = EfkAnnouncement::decode(bytes.bytes);
        ASSERT_TRUE(decoded);
        EXPECT_EQ(decoded->encode(), bytes);
    }
}

/// A signer and the keys by which its peer verifies.
class Efks : public testing::Test {
  protected:
    /// What a cell at any position carries; the signature is made for it.
    Cell signed_by(const OwnEfk& signer) {
        Cell cell = rng.bytes<Cell>();
        const CellParts parts = parts_of(cell.bytes);
        const auto signature = signer.sign_cell(origin, parts.header, parts.body, rng);
        std::copy(signature.bytes.begin(), signature.bytes.end(), cell.bytes.end() - cell_signature_size);
        return cell;
    }
    std::optional<CellError> verify(u32 index, u64 position, const Cell& cell) const {
        const auto result = peer.verify_cell(index, position, origin, parts_of(cell.bytes));
        return result ? std::nullopt : std::optional{result.error()};
    }
    /// Announces a new key and uses it.
    void replace() {
        const auto announcement = own.announce(origin, std::make_unique<test::MacCellSigner>(rng), rng);
        ASSERT_TRUE(peer.accept_announcement(origin, announcement.bytes));
        own.activate();
    }
    static std::optional<CellError> error_of(const Result<u32, CellError>& result) {
        return result ? std::nullopt : std::optional{result.error()};
    }

    test::SeededRng rng{5};
    test::MacCellVerifierLoader loader;
    const falcon1024::PublicKey first = test::mac_public_key(rng);
    const CellOrigin origin{rng.bytes<SessionIdBytes>(), Role::b};
    OwnEfk own{std::make_unique<test::MacCellSigner>(first)};
    PeerEfks peer{std::make_unique<test::MacCellVerifier>(first), loader, 3};
};

TEST_F(Efks, VerifyTheCellOfTheirOwnSessionDirectionAndIndex) {
    const Cell cell = signed_by(own);
    EXPECT_EQ(verify(0, 0, cell), std::nullopt);
    EXPECT_EQ(verify(1, 0, cell), CellError::efk_unknown);
    Cell damaged = cell;
    damaged.bytes[100] ^= 1U;
    EXPECT_EQ(verify(0, 0, damaged), CellError::bad_signature);
    const CellOrigin reflected{origin.session_id, other(origin.sender)};
    EXPECT_EQ(peer.verify_cell(0, 0, reflected, parts_of(cell.bytes)).error(), CellError::bad_signature);
}

TEST_F(Efks, ReplacementNeedsTheAnnouncementAndKeepsTheOldKeyUntilTheNewOneIsUsed) {
    own.count_cell();
    const auto announcement = own.announce(origin, std::make_unique<test::MacCellSigner>(rng), rng);
    EXPECT_TRUE(own.is_announced());
    EXPECT_EQ(own.index(), 0U);
    EXPECT_EQ(verify(0, 0, signed_by(own)), std::nullopt) << "still signs with the old key";
    const auto accepted = peer.accept_announcement(origin, announcement.bytes);
    ASSERT_TRUE(accepted);
    EXPECT_EQ(*accepted, 1U);
    const Cell late = signed_by(own);
    own.activate();
    EXPECT_FALSE(own.is_announced());
    EXPECT_EQ(own.index(), 1U);
    EXPECT_EQ(own.cells_signed(), 0U);
    ASSERT_NE(peer.public_key(1), nullptr);
    EXPECT_EQ(*peer.public_key(1), own.public_key());

    peer.drop_needless(std::nullopt);
    EXPECT_EQ(peer.kept(), 2U) << "no cell under the new key came yet";
    const Cell cell = signed_by(own);
    ASSERT_EQ(verify(1, 8, cell), std::nullopt);
    peer.accepted(1, 8);
    EXPECT_EQ(verify(0, 9, late), CellError::efk_too_low);
    EXPECT_EQ(verify(0, 7, late), std::nullopt) << "sealed before the replacement, delayed";
    peer.drop_needless(7);
    EXPECT_EQ(verify(0, 7, late), std::nullopt) << "a cell of its time is still awaited";
    peer.drop_needless(8);
    EXPECT_EQ(peer.kept(), 1U);
    ASSERT_NE(peer.public_key(0), nullptr) << "to check what the peer reveals";
    EXPECT_EQ(*peer.public_key(0), first);
    EXPECT_EQ(verify(0, 7, late), CellError::efk_too_low);
    EXPECT_EQ(verify(1, 9, cell), std::nullopt);
}

TEST_F(Efks, TheEarliestPositionUnderAHigherIndexCounts) {
    const Cell late = signed_by(own);
    replace();
    peer.accepted(1, 20);
    peer.accepted(1, 10);
    EXPECT_EQ(verify(0, 15, late), CellError::efk_too_low);
    EXPECT_EQ(verify(0, 9, late), std::nullopt);
}

TEST_F(Efks, RefuseABadAnnouncementAndKeepTheirState) {
    const auto good = own.announce(origin, std::make_unique<test::MacCellSigner>(rng), rng);
    const auto refuse = [&](std::size_t offset) {
        auto bad = good;
        bad.bytes[offset] ^= 1U;
        return error_of(peer.accept_announcement(origin, bad.bytes));
    };
    EXPECT_EQ(refuse(3), CellError::efk_announcement_index);
    EXPECT_EQ(refuse(4), CellError::efk_announcement_key);
    EXPECT_EQ(refuse(5), CellError::efk_announcement_signature);
    EXPECT_EQ(refuse(4 + falcon1024::public_key_size), CellError::efk_announcement_signature);
    EXPECT_EQ(
        error_of(peer.accept_announcement(origin, ByteView{good.bytes}.first(efk_announcement_size - 1))),
        CellError::efk_announcement_length);
    Bytes longer{good.bytes.begin(), good.bytes.end()};
    longer.push_back(0);
    EXPECT_EQ(error_of(peer.accept_announcement(origin, longer)), CellError::efk_announcement_length);
    const CellOrigin reflected{origin.session_id, other(origin.sender)};
    EXPECT_EQ(error_of(peer.accept_announcement(reflected, good.bytes)),
              CellError::efk_announcement_signature);
    EXPECT_EQ(peer.kept(), 1U);

    EXPECT_EQ(error_of(peer.accept_announcement(origin, good.bytes)), std::nullopt);
    EXPECT_EQ(error_of(peer.accept_announcement(origin, good.bytes)), CellError::efk_announcement_index);
}

TEST_F(Efks, AnAnnouncementFitsOneSessionOnly) {
    const auto announcement = own.announce(origin, std::make_unique<test::MacCellSigner>(rng), rng);
    CellOrigin other_session = origin;
    other_session.session_id.bytes[0] ^= 1U;
    EXPECT_EQ(error_of(peer.accept_announcement(other_session, announcement.bytes)),
              CellError::efk_announcement_signature);
}

TEST_F(Efks, KeepABoundedNumberOfKeys) {
    const Cell oldest = signed_by(own);
    for (int n = 0; n < 3; ++n) replace();
    EXPECT_EQ(peer.kept(), 3U);
    EXPECT_NE(peer.public_key(0), nullptr);
    EXPECT_EQ(verify(0, 0, oldest), CellError::efk_too_low);
    EXPECT_EQ(verify(3, 0, signed_by(own)), std::nullopt);
    for (int n = 0; n < 3; ++n) replace();
    EXPECT_EQ(peer.public_key(0), nullptr);
    EXPECT_NE(peer.public_key(1), nullptr);
}

TEST_F(Efks, ForgetARetiredKeyWhenItIsRevealed) {
    replace();
    peer.accepted(1, 3);
    peer.drop_needless(std::nullopt);
    ASSERT_NE(peer.public_key(0), nullptr);
    peer.mark_revealed(0);
    EXPECT_EQ(peer.public_key(0), nullptr);
    EXPECT_NE(peer.public_key(1), nullptr);
}

TEST_F(Efks, RefuseARevealedIndexAndAllBelow) {
    const Cell cell_0 = signed_by(own);
    replace();
    const Cell cell_1 = signed_by(own);
    replace();
    peer.mark_revealed(1);
    peer.mark_revealed(0);
    EXPECT_EQ(verify(0, 0, cell_0), CellError::efk_revealed);
    EXPECT_EQ(verify(1, 0, cell_1), CellError::efk_revealed);
    EXPECT_EQ(verify(2, 0, signed_by(own)), std::nullopt);
    EXPECT_EQ(peer.public_key(1), nullptr);

    peer.mark_revealed(2);
    const auto next = own.announce(origin, std::make_unique<test::MacCellSigner>(rng), rng);
    EXPECT_EQ(error_of(peer.accept_announcement(origin, next.bytes)), CellError::efk_revealed);
}

TEST_F(Efks, AnnouncingWithoutRandomnessChangesNothing) {
    test::FailingRng failing{rng, 1};
    EXPECT_THROW((void)own.announce(origin, std::make_unique<test::MacCellSigner>(rng), failing), RngFailure);
    EXPECT_FALSE(own.is_announced());
    replace();
    EXPECT_EQ(own.index(), 1U);
}

}  // namespace
}  // namespace chat
