#include "secure_p2p/cell_cipher.hpp"

#include <gtest/gtest.h>

#include "support/cell_cipher_inspector.hpp"
#include "support/cell_cipher_pair.hpp"
#include "support/handmade_peer.hpp"
#include "support/nonce_recorder.hpp"

namespace chat {
namespace {

using Inner = std::array<u8, inner_size>;

Inner inner_of(u8 content) {
    Inner inner{};
    inner.fill(content);
    return inner;
}

Cell seal(test::CellCipherPair& pair, Role sender, u8 content = 0) {
    return pair.of(sender).seal(inner_of(content), pair.rng).cell;
}

/// Opens what `sender` sealed; the error, or nothing when it brought `content`.
std::optional<CellError> open(test::CellCipherPair& pair, Role sender, const Cell& cell, u8 content = 0) {
    const auto opened = pair.of(other(sender)).open(cell.bytes, Time{});
    if (!opened) return opened.error();
    const Inner expected = inner_of(content);
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), opened->inner.begin()));
    return std::nullopt;
}

TEST(CellCipher, CarriesInnerRecordsBothWays) {
    test::CellCipherPair pair{1};
    EXPECT_FALSE(pair.b.can_seal());
    u8 content = 0;
    u64 position_a = 0;
    u64 position_b = 0;
    for (int turn = 0; turn < 6; ++turn) {
        const Role sender = turn % 2 == 0 ? Role::a : Role::b;
        u64& position = sender == Role::a ? position_a : position_b;
        for (int n = 0; n < 3; ++n) {
            const auto sealed = pair.of(sender).seal(inner_of(++content), pair.rng);
            EXPECT_EQ(sealed.position, position);
            const auto opened = pair.of(other(sender)).open(sealed.cell.bytes, Time{});
            ASSERT_TRUE(opened);
            EXPECT_EQ(opened->inner[0], content);
            EXPECT_EQ(opened->inner[inner_size - 1], content);
            EXPECT_EQ(opened->position, position++);
            EXPECT_EQ(opened->efk_index, 0U);
        }
    }
    EXPECT_EQ(pair.a.status().epoch, 6U);
    EXPECT_EQ(pair.b.status().cells_opened, 9U);
    EXPECT_EQ(pair.b.status().cells_sealed, 9U);
}

TEST(CellCipher, ApplicationLayerUnreadable) {
    test::CellCipherPair pair{2};
    test::HandmadePeer ratchet_only{pair.secrets, pair.rng};
    EXPECT_EQ(open(pair, Role::a, ratchet_only.cell(0)), CellError::application_layer_unreadable);
    EXPECT_FALSE(pair.b.can_seal()) << "nothing changed";
    EXPECT_EQ(open(pair, Role::a, seal(pair, Role::a, 5), 5), std::nullopt);
    EXPECT_TRUE(pair.b.can_seal());
}

TEST(CellCipher, SkippedCellsOpenInBothLayersUntilTheyExpire) {
    test::CellCipherPair pair{3};
    const Cell late_0 = seal(pair, Role::a, 10);
    const Cell late_1 = seal(pair, Role::a, 11);
    EXPECT_EQ(open(pair, Role::a, seal(pair, Role::a, 12), 12), std::nullopt);
    EXPECT_EQ(open(pair, Role::b, seal(pair, Role::b)), std::nullopt);
    EXPECT_EQ(open(pair, Role::a, seal(pair, Role::a)), std::nullopt);
    EXPECT_EQ(open(pair, Role::a, late_1, 11), std::nullopt);
    EXPECT_EQ(pair.b.status().skipped_kept, 1U);
    pair.b.forget_expired(Time{} + std::chrono::hours{1} + std::chrono::seconds{1});
    EXPECT_EQ(pair.b.status().skipped_kept, 0U);
    EXPECT_EQ(pair.b.status().skipped_dropped, 1U);
    EXPECT_EQ(open(pair, Role::a, late_0), CellError::header_unreadable);
}

TEST(CellCipher, MoreSkippedKeysThanRoomInBothLayers) {
    RatchetLimits limits;
    limits.max_skipped_kept = 4;
    test::CellCipherPair pair{4, limits};
    std::vector<Cell> late;
    for (u8 n = 0; n < 6; ++n) late.push_back(seal(pair, Role::a, n));
    EXPECT_EQ(open(pair, Role::a, seal(pair, Role::a, 6), 6), std::nullopt);
    EXPECT_EQ(pair.b.status().skipped_kept, 4U);
    EXPECT_EQ(open(pair, Role::a, late[0]), CellError::message_key_gone);
    EXPECT_EQ(open(pair, Role::a, late[1]), CellError::message_key_gone);
    for (u8 n = 2; n < 6; ++n) EXPECT_EQ(open(pair, Role::a, late[n], n), std::nullopt);
}

TEST(CellCipher, LeavesNoSecretBehind) {
    const std::size_t live = guarded_memory::usage().live_secrets;
    {
        test::CellCipherPair pair{5};
        (void)seal(pair, Role::a);
        EXPECT_EQ(open(pair, Role::a, seal(pair, Role::a)), std::nullopt);
        EXPECT_GT(guarded_memory::usage().live_secrets, live);
    }
    EXPECT_EQ(guarded_memory::usage().live_secrets, live);
}

bool all_zero(ByteView bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](u8 byte) { return byte == 0; });
}

TEST(CellCipher, WipesItsScratchSpace) {
    using Spy = CellCipherInspector;
    test::CellCipherPair pair{5};
    const Cell cell = seal(pair, Role::a, 9);
    EXPECT_TRUE(all_zero(Spy::body(pair.a)));
    EXPECT_EQ(open(pair, Role::a, cell, 9), std::nullopt);
    EXPECT_TRUE(all_zero(Spy::body(pair.b)));
    EXPECT_FALSE(all_zero(Spy::inner(pair.b)));
    EXPECT_EQ(open(pair, Role::a, cell), CellError::replay);
    EXPECT_TRUE(all_zero(Spy::inner(pair.b))) << "what was opened before is gone";
    test::HandmadePeer ratchet_only{pair.secrets, pair.rng};
    test::CellCipherPair other_pair{5};
    std::array<u8, body_size> body{};
    body.fill(7);
    EXPECT_EQ(open(other_pair, Role::a, ratchet_only.cell(0, body, {})),
              CellError::application_layer_unreadable);
    EXPECT_TRUE(all_zero(Spy::body(other_pair.b)));
}

TEST(CellCipher, EfkReplacementInBothDirections) {
    test::CellCipherPair pair{6};
    EXPECT_EQ(open(pair, Role::a, seal(pair, Role::a)), std::nullopt);
    for (const Role sender : {Role::a, Role::b}) {
        CellCipher& from = pair.of(sender);
        CellCipher& to = pair.of(other(sender));
        const auto content = from.announce_efk(std::make_unique<test::MacCellSigner>(pair.rng), pair.rng);
        EXPECT_TRUE(from.efk_announced());
        const auto index = to.accept_efk_announcement(content.bytes);
        ASSERT_TRUE(index);
        EXPECT_EQ(*index, 1U);
        EXPECT_EQ(open(pair, sender, seal(pair, sender)), std::nullopt);
        from.activate_announced_efk();
        EXPECT_EQ(from.own_efk_index(), 1U);
        EXPECT_EQ(from.cells_under_own_efk(), 0U);
        const auto sealed = from.seal(inner_of(9), pair.rng);
        EXPECT_EQ(sealed.efk_index, 1U);
        const auto opened = to.open(sealed.cell.bytes, Time{});
        ASSERT_TRUE(opened);
        EXPECT_EQ(opened->efk_index, 1U);
        ASSERT_NE(to.peer_efk(1), nullptr);
        EXPECT_EQ(*to.peer_efk(1), from.own_efk());
        EXPECT_NE(to.peer_efk(0), nullptr) << "to check what the peer reveals";
        to.mark_peer_efk_revealed(1);
        EXPECT_EQ(to.peer_efk(0), nullptr);
        EXPECT_EQ(open(pair, sender, seal(pair, sender)), CellError::efk_revealed);
    }
}

/// Two equal sessions: what is done to one and not to the other must make no difference.
class CellCipherTwins : public testing::Test {
  protected:
    /// The same cell in both.
    Cell seal_both(Role sender, u8 content = 0) {
        const Cell cell = seal(attacked, sender, content);
        EXPECT_EQ(cell, seal(untouched, sender, content));
        return cell;
    }
    void open_both(Role sender, const Cell& cell, u8 content = 0) {
        EXPECT_EQ(open(attacked, sender, cell, content), std::nullopt);
        EXPECT_EQ(open(untouched, sender, cell, content), std::nullopt);
    }
    /// Damages each byte of `cell` in turn; each copy is refused for the reason of its region.
    void damage(Role sender, const Cell& cell) {
        for (std::size_t offset = 0; offset < cell_size; ++offset) {
            Cell damaged = cell;
            damaged.bytes[offset] ^= static_cast<u8>(1U << (offset % 8));
            const CellError expected =
                offset < encrypted_header_size ? CellError::header_unreadable : CellError::bad_signature;
            ASSERT_EQ(open(attacked, sender, damaged), expected) << "offset " << offset;
        }
    }

    test::CellCipherPair attacked{7};
    test::CellCipherPair untouched{7};
};

TEST_F(CellCipherTwins, DamageAnywhereIsRefusedAndChangesNothing) {
    const Cell first = seal_both(Role::a, 1);
    damage(Role::a, first);
    open_both(Role::a, first, 1);
    const Cell late = seal_both(Role::a, 2);
    const Cell next = seal_both(Role::a, 3);
    damage(Role::a, next);
    open_both(Role::a, next, 3);
    const Cell answer = seal_both(Role::b, 4);
    damage(Role::b, answer);
    open_both(Role::b, answer, 4);
    const Cell step = seal_both(Role::a, 5);
    damage(Role::a, step);
    damage(Role::a, late);
    open_both(Role::a, step, 5);
    damage(Role::a, late);
    open_both(Role::a, late, 2);
    for (u8 n = 0; n < 4; ++n) {
        const Role sender = n % 2 == 0 ? Role::b : Role::a;
        open_both(sender, seal_both(sender, n), n);
    }
}

TEST_F(CellCipherTwins, ReflectedSplicedAndReplayedCellsChangeNothing) {
    const Cell first = seal_both(Role::a, 1);
    EXPECT_EQ(open(attacked, Role::b, first), CellError::header_unreadable) << "reflected";
    open_both(Role::a, first, 1);
    const Cell second = seal_both(Role::a, 2);
    const Cell third = seal_both(Role::a, 3);
    Cell spliced = second;
    std::copy_n(third.bytes.begin() + encrypted_header_size, cell_size - encrypted_header_size,
                spliced.bytes.begin() + encrypted_header_size);
    EXPECT_EQ(open(attacked, Role::a, spliced), CellError::bad_signature)
        << "header of one, the rest of another";
    test::CellCipherPair other_session{8};
    EXPECT_EQ(open(attacked, Role::a, seal(other_session, Role::a)), CellError::header_unreadable);
    for (int n = 0; n < 3; ++n) EXPECT_EQ(open(attacked, Role::a, first), CellError::replay);
    open_both(Role::a, third, 3);
    EXPECT_EQ(open(attacked, Role::a, third), CellError::replay);
    open_both(Role::a, second, 2);
    open_both(Role::b, seal_both(Role::b, 4), 4);
}

TEST(CellCipher, AReplayIsNamedAsOneWhileTheWindowRemembersIt) {
    RatchetLimits limits;
    limits.replay_window = 2;
    test::CellCipherPair pair{9, limits};
    const Cell first = seal(pair, Role::a);
    EXPECT_EQ(open(pair, Role::a, first), std::nullopt);
    EXPECT_EQ(open(pair, Role::a, seal(pair, Role::a)), std::nullopt);
    EXPECT_EQ(open(pair, Role::a, first), CellError::replay);
    EXPECT_EQ(open(pair, Role::a, seal(pair, Role::a)), std::nullopt);
    EXPECT_EQ(open(pair, Role::a, first), CellError::message_key_gone) << "the ratchet's own refusal";
}

/// Seals with randomness that fails at call 1, 2, 3, ... until it lasts; how often it failed. The cell opens at the other side.
std::size_t failures_until_sealed(test::CellCipherPair& pair, Role sender, u8 content) {
    for (std::size_t call = 1;; ++call) {
        test::FailingRng failing{pair.rng, call};
        try {
            const auto sealed = pair.of(sender).seal(inner_of(content), failing);
            EXPECT_FALSE(failing.has_failed());
            EXPECT_EQ(open(pair, sender, sealed.cell, content), std::nullopt);
            return call - 1;
        } catch (const RngFailure&) {
            EXPECT_TRUE(failing.has_failed());
        }
    }
}

TEST(CellCipher, AFailingSourceOfRandomnessNeverUsesAKeyAndNonceTwice) {
    test::NonceRecorder recorder;
    test::CellCipherPair pair{10, RatchetLimits{}, &recorder};
    for (u8 turn = 0; turn < 4; ++turn) {
        const Role sender = turn % 2 == 0 ? Role::a : Role::b;
        EXPECT_EQ(failures_until_sealed(pair, sender, turn), 6U) << "a step draws three times more";
        EXPECT_EQ(failures_until_sealed(pair, sender, turn), 3U);
    }
    EXPECT_EQ(recorder.reused(), 0U);
    EXPECT_EQ(recorder.count(SealLayer::body), 8U);
}

TEST(CellCipher, TheRecorderSeesAllLayersAndReuse) {
    test::NonceRecorder recorder;
    test::CellCipherPair pair{11, RatchetLimits{}, &recorder};
    (void)seal(pair, Role::a);
    for (const SealLayer layer : {SealLayer::header, SealLayer::body, SealLayer::application}) {
        EXPECT_EQ(recorder.count(layer), 1U);
    }
    EXPECT_EQ(recorder.reused(), 0U);
    test::CellCipherPair clone{11, RatchetLimits{}, &recorder};
    (void)seal(clone, Role::a);
    EXPECT_EQ(recorder.reused(), 3U) << "the same session run twice";
}

}  // namespace
}  // namespace chat
