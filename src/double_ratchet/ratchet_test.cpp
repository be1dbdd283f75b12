#include "double_ratchet/ratchet.hpp"

#include <gtest/gtest.h>

#include "support/seeded_rng.hpp"
#include "support/session_secrets.hpp"

namespace chat {
namespace {

using Body = std::array<u8, body_size>;

class RatchetPairTest : public testing::Test {
  protected:
    Ratchet& of(Role role) { return role == Role::a ? a : b; }

    Cell seal(Role role, Rng& source, u8 content = 0) {
        Ratchet& ratchet = of(role);
        auto draft = ratchet.draft_seal(source);
        Body body{};
        body.fill(content);
        Cell cell;
        ratchet.seal(draft, body, cell.bytes);
        ratchet.commit(std::move(draft));
        return cell;
    }
    Cell seal(Role role, u8 content = 0) { return seal(role, rng, content); }

    /// Opens at the other side than `sender`; where the cell stood.
    struct Place {
        CellIndex index;
        u64 position;
        bool operator==(const Place&) const = default;
    };
    Place open(Role sender, const Cell& cell, u8 content = 0) {
        Ratchet& ratchet = of(other(sender));
        Body body{};
        auto draft = ratchet.open(cell.bytes, Time{}, body);
        if (!draft) throw std::runtime_error{std::string{describe(draft.error())}};
        EXPECT_EQ(body[0], content);
        const Place place{draft->index(), draft->position()};
        ratchet.commit(std::move(*draft), Time{});
        return place;
    }

    test::SeededRng rng{21};
    test::SessionSecrets secrets{rng};
    test::MacCellVerifierLoader loader;
    Ratchet a =
        Ratchet::start_a(secrets.ratchet_inputs(Role::a, loader), secrets.first_keys_of_b.public_keys());
    Ratchet b = Ratchet::start_b(secrets.ratchet_inputs(Role::b, loader), secrets.clone_first_keys());
};

TEST_F(RatchetPairTest, StepsAreTakenWhenTheyAreDueAndNotBefore) {
    EXPECT_TRUE(a.can_seal());
    EXPECT_FALSE(b.can_seal());
    EXPECT_EQ(open(Role::a, seal(Role::a, 1), 1), (Place{{1, 0}, 0}));
    EXPECT_EQ(open(Role::a, seal(Role::a, 2), 2), (Place{{1, 1}, 1}));
    EXPECT_EQ(b.epoch(), 1U) << "no pair before it is needed";
    EXPECT_EQ(open(Role::b, seal(Role::b)), (Place{{2, 0}, 0}));
    EXPECT_EQ(open(Role::b, seal(Role::b)), (Place{{2, 1}, 1}));
    EXPECT_EQ(a.epoch(), 2U);
    EXPECT_EQ(open(Role::a, seal(Role::a)), (Place{{3, 0}, 2}));
    EXPECT_EQ(open(Role::b, seal(Role::b)), (Place{{4, 0}, 2}));
}

TEST_F(RatchetPairTest, PositionsCountWhatWasLostAtTheEndOfAChain) {
    EXPECT_EQ(open(Role::a, seal(Role::a)), (Place{{1, 0}, 0}));
    const Cell late_1 = seal(Role::a, 7);
    const Cell late_2 = seal(Role::a, 8);
    open(Role::b, seal(Role::b));
    (void)seal(Role::a);
    EXPECT_EQ(open(Role::a, seal(Role::a)), (Place{{3, 1}, 4}));
    EXPECT_EQ(b.skipped().size(), 3U);
    EXPECT_EQ(open(Role::a, late_2, 8), (Place{{1, 2}, 2}));
    EXPECT_EQ(open(Role::a, late_1, 7), (Place{{1, 1}, 1}));
    EXPECT_EQ(b.skipped().lowest_position(), 3U);
}

TEST_F(RatchetPairTest, AnyCellOfAChainLetsThePeerTakeTheStep) {
    (void)seal(Role::a);
    (void)seal(Role::a);
    EXPECT_EQ(open(Role::a, seal(Role::a)), (Place{{1, 2}, 2}));
    EXPECT_EQ(open(Role::b, seal(Role::b)), (Place{{2, 0}, 0}));
}

TEST_F(RatchetPairTest, DraftsChangeNothing) {
    const u32 epoch = a.epoch();
    { const auto draft = a.draft_seal(rng); }
    EXPECT_EQ(a.epoch(), epoch);
    const Cell cell = seal(Role::a);
    Body body{};
    {
        const auto draft = b.open(cell.bytes, Time{}, body);
        ASSERT_TRUE(draft);
    }
    EXPECT_FALSE(b.can_seal());
    EXPECT_EQ(b.epoch(), 0U);
    open(Role::a, cell);
    EXPECT_EQ(b.epoch(), 1U);
}

TEST_F(RatchetPairTest, AFailingSourceOfRandomnessChangesNothing) {
    for (int turn = 0; turn < 4; ++turn) {
        const Role sender = turn % 2 == 0 ? Role::a : Role::b;
        std::size_t failures = 0;
        for (std::size_t call = 1;; ++call) {
            test::FailingRng failing{rng, call};
            const u32 epoch = of(sender).epoch();
            try {
                const Cell cell = seal(sender, failing);
                EXPECT_FALSE(failing.has_failed());
                open(sender, cell);
                break;
            } catch (const RngFailure&) {
                ++failures;
                EXPECT_EQ(of(sender).epoch(), epoch);
            }
        }
        EXPECT_EQ(failures, 5U) << "DH pair, KEM pair, encapsulation, header nonce, signing seed";
    }
}

TEST_F(RatchetPairTest, KeepsNoSecretOfTurnsThatAreOver) {
    const auto turn = [&](Role sender) {
        for (int n = 0; n < 3; ++n) open(sender, seal(sender));
    };
    turn(Role::a);
    turn(Role::b);
    turn(Role::a);
    const std::size_t live = guarded_memory::usage().live_secrets;
    for (int n = 0; n < 10; ++n) {
        turn(Role::b);
        turn(Role::a);
        EXPECT_EQ(guarded_memory::usage().live_secrets, live);
    }
}

TEST_F(RatchetPairTest, ChainsWithoutAwaitedCellsAreForgotten) {
    open(Role::a, seal(Role::a));
    const Cell never_comes = seal(Role::a);
    open(Role::a, seal(Role::a));
    EXPECT_EQ(b.skipped().size(), 1U);
    for (u32 epoch = 2; epoch <= 6; ++epoch) {
        const Role sender = epoch % 2 == 0 ? Role::b : Role::a;
        open(sender, seal(sender));
    }
    EXPECT_EQ(b.skipped().size(), 1U) << "five epochs later it is kept";
    open(Role::a, seal(Role::a));
    (void)seal(Role::b);
    EXPECT_EQ(b.skipped().size(), 0U);
    Body body{};
    EXPECT_EQ(b.open(never_comes.bytes, Time{}, body).error(), CellError::header_unreadable);
}

TEST_F(RatchetPairTest, RefusesItsOwnCells) {
    const Cell cell = seal(Role::a);
    Body body{};
    EXPECT_EQ(a.open(cell.bytes, Time{}, body).error(), CellError::header_unreadable);
}

TEST_F(RatchetPairTest, EfkReplacementInBothDirections) {
    open(Role::a, seal(Role::a));
    open(Role::b, seal(Role::b));
    for (const Role sender : {Role::a, Role::b, Role::a}) {
        Ratchet& from = of(sender);
        Ratchet& to = of(other(sender));
        const u32 index = from.own_efk().index() + 1;
        const auto content = from.announce_efk(std::make_unique<test::MacCellSigner>(rng), rng);
        const Cell old_key = seal(sender);
        const auto accepted = to.accept_efk_announcement(content.bytes);
        ASSERT_TRUE(accepted);
        EXPECT_EQ(*accepted, index);
        from.activate_announced_efk();
        open(sender, seal(sender));
        EXPECT_EQ(to.peer_efks().kept(), 2U) << "a cell signed by the old one is awaited";
        open(sender, old_key);
        EXPECT_EQ(to.peer_efks().kept(), 1U);
        EXPECT_EQ(from.own_efk().cells_signed(), 1U);
    }
}

}  // namespace
}  // namespace chat
