#include <gtest/gtest.h>

#include "double_ratchet/ratchet.hpp"
#include "support/handmade_peer.hpp"
#include "support/seeded_rng.hpp"

namespace chat {
namespace {

using Forgery = test::CellForgery;

/// A peer with all the keys of A, who may lie, against B.
class RatchetRefusal : public testing::Test {
  protected:
    std::optional<CellError> open(const Cell& cell, Time now = Time{}) {
        auto draft = b.open(cell.bytes, now, body);
        if (!draft) {
            EXPECT_EQ(body, (std::array<u8, body_size>{}));
            return draft.error();
        }
        b.commit(std::move(*draft), now);
        return std::nullopt;
    }
    Cell seal() {
        auto draft = b.draft_seal(rng);
        Cell cell;
        b.seal(draft, std::array<u8, body_size>{}, cell.bytes);
        b.commit(std::move(draft));
        return cell;
    }
    static Forgery lie(std::function<void(RatchetHeader&)> about) {
        Forgery forgery;
        forgery.header = std::move(about);
        return forgery;
    }

    test::SeededRng rng{11};
    test::SessionSecrets secrets{rng};
    test::MacCellVerifierLoader loader;
    test::HandmadePeer a{secrets, rng};
    Ratchet b = Ratchet::start_b(secrets.ratchet_inputs(Role::b, loader), secrets.clone_first_keys());
    std::array<u8, body_size> body{};
};

TEST_F(RatchetRefusal, AnHonestPeerIsNotRefused) {
    EXPECT_FALSE(b.can_seal());
    EXPECT_EQ(open(a.cell(0)), std::nullopt);
    EXPECT_EQ(open(a.cell(1)), std::nullopt);
    EXPECT_TRUE(b.can_seal());
    a.step_after(seal(), 2);
    EXPECT_EQ(open(a.cell(0)), std::nullopt);
    EXPECT_EQ(b.epoch(), 3U);
    EXPECT_EQ(b.cells_opened(), 3U);
}

TEST_F(RatchetRefusal, Replay) {
    const Cell cell = a.cell(0);
    EXPECT_EQ(open(cell), std::nullopt);
    EXPECT_EQ(open(cell), CellError::replay);
    EXPECT_EQ(open(a.cell(0)), CellError::message_key_gone) << "another cell, the same key";
}

TEST_F(RatchetRefusal, HeaderUnreadable) {
    Cell noise = rng.bytes<Cell>();
    EXPECT_EQ(open(noise), CellError::header_unreadable);
    Cell damaged = a.cell(0);
    damaged.bytes[0] ^= 1U;
    EXPECT_EQ(open(damaged), CellError::header_unreadable);
}

TEST_F(RatchetRefusal, WrongEpoch) {
    for (const u32 epoch : {0U, 2U, 3U, 0xffffffffU}) {
        EXPECT_EQ(open(a.cell(0, lie([&](RatchetHeader& header) { header.index.epoch = epoch; }))),
                  CellError::wrong_epoch);
    }
    EXPECT_EQ(open(a.cell(0)), std::nullopt);
    EXPECT_EQ(open(a.cell(1, lie([](RatchetHeader& header) { header.index.epoch = 3; }))),
              CellError::wrong_epoch);
}

TEST_F(RatchetRefusal, OutOfTurn) {
    EXPECT_EQ(open(a.cell(0)), std::nullopt);
    Forgery early = lie([](RatchetHeader& header) { header.index.epoch = 3; });
    early.next_header_key = true;
    EXPECT_EQ(open(a.cell(0, early)), CellError::out_of_turn);
}

TEST_F(RatchetRefusal, ChainFieldsChanged) {
    EXPECT_EQ(open(a.cell(0)), std::nullopt);
    const auto refused = [&](const std::function<void(ChainFields&)>& change) {
        return open(a.cell(1, lie([&](RatchetHeader& header) { change(header.chain); })));
    };
    EXPECT_EQ(refused([](ChainFields& f) { f.keys.dh.bytes[0] ^= 1U; }), CellError::chain_fields_changed);
    EXPECT_EQ(refused([](ChainFields& f) { f.keys.kem.bytes[1567] ^= 1U; }), CellError::chain_fields_changed);
    EXPECT_EQ(refused([](ChainFields& f) { f.ciphertext.bytes[7] ^= 1U; }), CellError::chain_fields_changed);
    EXPECT_EQ(refused([](ChainFields& f) { f.previous_length = 1; }), CellError::chain_fields_changed);
    EXPECT_EQ(open(a.cell(1)), std::nullopt);
}

TEST_F(RatchetRefusal, ChainFieldsOfAChainThatIsOver) {
    EXPECT_EQ(open(a.cell(1)), std::nullopt);
    a.step_after(seal(), 2);
    EXPECT_EQ(open(a.cell(0)), std::nullopt);
    EXPECT_EQ(
        open(a.cell_of_chain_before(0, lie([](RatchetHeader& header) { header.chain.previous_length = 9; }))),
        CellError::chain_fields_changed);
    EXPECT_EQ(open(a.cell_of_chain_before(0)), std::nullopt);
}

TEST_F(RatchetRefusal, PreviousLengthContradicted) {
    EXPECT_EQ(open(a.cell(0, lie([](RatchetHeader& header) { header.chain.previous_length = 1; }))),
              CellError::previous_length_contradicted)
        << "there is no chain before the first";
    EXPECT_EQ(open(a.cell(0)), std::nullopt);
    EXPECT_EQ(open(a.cell(1)), std::nullopt);
    a.step_after(seal(), 1);
    EXPECT_EQ(open(a.cell(0)), CellError::previous_length_contradicted) << "two cells of it were received";
}

TEST_F(RatchetRefusal, TooFarAheadInAChain) {
    EXPECT_EQ(open(a.cell(1001)), CellError::too_far_ahead) << "in a chain that begins";
    EXPECT_EQ(open(a.cell(0)), std::nullopt);
    EXPECT_EQ(open(a.cell(1002)), CellError::too_far_ahead);
    EXPECT_EQ(open(a.cell(0, lie([](RatchetHeader& header) { header.index.number = 0xffffffff; }))),
              CellError::too_far_ahead);
    EXPECT_EQ(b.skipped().size(), 0U);
    EXPECT_EQ(open(a.cell(1001)), std::nullopt);
    EXPECT_EQ(b.skipped().size(), 1000U);
}

TEST_F(RatchetRefusal, TooFarAheadAtTheEndOfAChain) {
    EXPECT_EQ(open(a.cell(0)), std::nullopt);
    a.step_after(seal(), 1002);
    EXPECT_EQ(open(a.cell(0)), CellError::too_far_ahead);
}

TEST_F(RatchetRefusal, TheWholeAllowanceInBothChains) {
    EXPECT_EQ(open(a.cell(0)), std::nullopt);
    a.step_after(seal(), 1001);
    EXPECT_EQ(open(a.cell(1000)), std::nullopt);
    EXPECT_EQ(b.skipped().size(), 2000U);
    EXPECT_EQ(open(a.cell_of_chain_before(1000)), std::nullopt);
    EXPECT_EQ(open(a.cell(1002)), std::nullopt);
    EXPECT_EQ(b.skipped().dropped(), 0U);
    EXPECT_EQ(open(a.cell(1004)), std::nullopt);
    EXPECT_EQ(b.skipped().dropped(), 1U) << "the oldest made room";
    EXPECT_EQ(open(a.cell_of_chain_before(1)), CellError::message_key_gone);
    EXPECT_EQ(open(a.cell_of_chain_before(2)), std::nullopt);
}

TEST_F(RatchetRefusal, BeyondChainEnd) {
    EXPECT_EQ(open(a.cell(1)), std::nullopt);
    a.step_after(seal(), 2);
    EXPECT_EQ(open(a.cell(0)), std::nullopt);
    EXPECT_EQ(open(a.cell_of_chain_before(2)), CellError::beyond_chain_end);
    EXPECT_EQ(open(a.cell_of_chain_before(1)), CellError::message_key_gone);
    EXPECT_EQ(open(a.cell_of_chain_before(0)), std::nullopt);
    EXPECT_EQ(open(a.cell_of_chain_before(0)), CellError::header_unreadable)
        << "nothing of this chain is awaited";
}

TEST_F(RatchetRefusal, MessageKeyGoneForItsAge) {
    const Duration hour = std::chrono::hours{1};
    EXPECT_EQ(open(a.cell(2)), std::nullopt);
    EXPECT_EQ(open(a.cell(0), Time{hour}), std::nullopt);
    EXPECT_EQ(open(a.cell(1), Time{hour} + std::chrono::seconds{1}), CellError::message_key_gone);
    EXPECT_EQ(b.skipped().size(), 1U) << "a refused cell changes nothing";
    b.forget_expired(Time{hour} + std::chrono::seconds{1});
    EXPECT_EQ(b.skipped().size(), 0U);
}

TEST_F(RatchetRefusal, EfkUnknown) {
    EXPECT_EQ(open(a.cell(0, lie([](RatchetHeader& header) { header.efk_index = 1; }))),
              CellError::efk_unknown);
}

TEST_F(RatchetRefusal, EfkRevealed) {
    b.mark_peer_efk_revealed(0);
    EXPECT_EQ(open(a.cell(0)), CellError::efk_revealed);
}

TEST_F(RatchetRefusal, BadSignature) {
    Forgery signature;
    signature.after_signing = [](Cell& cell) { cell.bytes.back() ^= 1U; };
    EXPECT_EQ(open(a.cell(0, signature)), CellError::bad_signature);
    Forgery body_part;
    body_part.after_signing = [](Cell& cell) { cell.bytes[encrypted_header_size] ^= 1U; };
    EXPECT_EQ(open(a.cell(0, body_part)), CellError::bad_signature);
}

TEST_F(RatchetRefusal, BadEncapsulationKey) {
    EXPECT_EQ(open(a.cell(0, lie([](RatchetHeader& header) { header.chain.keys.kem.bytes.fill(0xff); }))),
              CellError::bad_encapsulation_key);
}

TEST_F(RatchetRefusal, AllZeroDh) {
    EXPECT_EQ(open(a.cell(0, lie([](RatchetHeader& header) { header.chain.keys.dh.bytes.fill(0); }))),
              CellError::all_zero_dh);
}

TEST_F(RatchetRefusal, BodyUnreadable) {
    Forgery damaged;
    damaged.before_signing = [](Cell& cell) { cell.bytes[encrypted_header_size + 5] ^= 1U; };
    EXPECT_EQ(open(a.cell(0, damaged)), CellError::body_unreadable);
    EXPECT_EQ(open(a.cell(0, lie([](RatchetHeader& header) { header.chain.ciphertext.bytes[3] ^= 1U; }))),
              CellError::body_unreadable)
        << "a changed ciphertext is rejected implicitly: another secret";
    EXPECT_EQ(open(a.cell(0)), std::nullopt);
    EXPECT_EQ(open(a.cell(2)), std::nullopt);
    EXPECT_EQ(open(a.cell(1, damaged)), CellError::body_unreadable);
    EXPECT_EQ(open(a.cell(1)), std::nullopt) << "the skipped key was not spent";
}

}  // namespace
}  // namespace chat
