#include <gtest/gtest.h>

#include <cstdlib>

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"
#include "secure_p2p/cell_cipher.hpp"
#include "support/cell_cipher_inspector.hpp"
#include "support/cell_cipher_pair.hpp"
#include "support/nonce_recorder.hpp"
#include "support/receiver_model.hpp"

namespace chat {
namespace {

/// Limits that a short random run reaches.
RatchetLimits tight_limits() {
    RatchetLimits limits;
    limits.max_skip = 6;
    limits.max_skipped_kept = 9;
    limits.max_skipped_epochs = 4;  // even, so that own steps end the life of keys, too
    limits.replay_window = 16;
    return limits;
}

/// Both sides seal; a network keeps every cell ever sent and delivers any of them at any time, whole or damaged, again and again. Each
/// outcome is compared with the model's.
class RandomConversation {
  public:
    explicit RandomConversation(u64 seed) : choice_{seed + 1000}, pair_{seed, tight_limits(), &recorder_} {
        a_.step_due = true;  // A begins
    }

    void run(int moves) {
        for (int n = 0; n < moves && !testing::Test::HasFatalFailure(); ++n) move();
        EXPECT_EQ(recorder_.reused(), 0U);
    }

    [[nodiscard]] std::size_t count(const std::optional<CellError>& outcome) const {
        const auto found = outcomes_.find(outcome);
        return found == outcomes_.end() ? 0 : found->second;
    }

  private:
    struct Sent {
        test::ModelCell model;
        u64 position = 0;
        u32 efk_index = 0;
        Cell cell;
    };
    struct Side {
        explicit Side(u32 first_epoch_of_peer) : receiver{first_epoch_of_peer, tight_limits()} {}
        std::vector<Sent> sent;
        CellIndex next;  ///< of the own sending chain
        u32 previous_length = 0;
        bool step_due = false;
        test::ReceiverModel receiver;
    };

    Side& side(Role role) { return role == Role::a ? a_ : b_; }

    void move() {
        const Role role = choice_.below(2) == 0 ? Role::a : Role::b;
        const u64 kind = choice_.below(100);
        if (kind < 35) return seal(role);
        if (kind < 38) return lose_burst(role);
        if (kind < 80) return deliver(role, recent(role));
        if (kind < 86) return deliver(role, choice_.below(std::max<std::size_t>(side(role).sent.size(), 1)));
        if (kind < 95) return deliver_damaged(role);
        if (kind < 96) return replace_efk(role);
        now_ += std::chrono::minutes{choice_.below(10)};
    }

    void seal(Role role) {
        CellCipher& cipher = pair_.of(role);
        Side& own = side(role);
        ASSERT_EQ(cipher.can_seal(), own.step_due || own.next.epoch != 0);
        if (!cipher.can_seal()) return;
        if (own.step_due) {
            own.previous_length = own.next.number;
            own.next = {cipher.status().epoch + 1, 0};
            own.step_due = false;
            own.receiver.steps_taken(own.next.epoch);
        }
        std::array<u8, inner_size> inner{};
        WireWriter{inner}.write_u64(own.sent.size()).write_u8(static_cast<u8>(role));
        const auto sealed = cipher.seal(inner, pair_.rng);
        ASSERT_EQ(sealed.position, own.sent.size());
        own.sent.push_back({{own.sent.size(), own.next, own.previous_length},
                            sealed.position,
                            sealed.efk_index,
                            sealed.cell});
        ++own.next.number;
        expect_skipped(cipher, own);
    }

    /// More cells in a row than may be skipped, now and then.
    void lose_burst(Role role) {
        for (u64 left = choice_.below(10); left > 0; --left) seal(role);
    }

    /// One of the last cells, so that much arrives nearly in order.
    std::size_t recent(Role sender) {
        const std::size_t count = side(sender).sent.size();
        return count - std::min<std::size_t>(count, 1 + choice_.below(6));
    }

    void deliver(Role sender, std::size_t number) {
        if (side(sender).sent.empty()) return;
        const Sent& sent = side(sender).sent.at(number);
        Side& receiver = side(other(sender));
        CellCipher& cipher = pair_.of(other(sender));
        const auto expected = receiver.receiver.refusal(sent.model, now_);
        const u32 epoch = cipher.status().epoch;
        const auto opened = cipher.open(sent.cell.bytes, now_);
        const auto outcome = opened ? std::nullopt : std::optional{opened.error()};
        ASSERT_EQ(outcome, expected) << name(sender, sent);
        ++outcomes_[outcome];
        if (opened) {
            ASSERT_EQ(WireReader{opened->inner}.read_u64(), number);
            ASSERT_EQ(opened->inner[8], static_cast<u8>(sender));
            ASSERT_EQ(opened->position, sent.position);
            ASSERT_EQ(opened->efk_index, sent.efk_index);
            receiver.receiver.accept(sent.model, now_);
            receiver.step_due = receiver.step_due || cipher.status().epoch > epoch;
        }
        expect_skipped(cipher, receiver);
    }

    /// Both layers keep keys for the cells for which the model does, and chains that are over keep no chain key.
    static void expect_skipped(const CellCipher& cipher, const Side& side) {
        using Spy = CellCipherInspector;
        ASSERT_EQ(cipher.status().skipped_kept, side.receiver.skipped_kept());
        ASSERT_EQ(Spy::application(cipher).skipped_kept(), side.receiver.skipped_kept());
        for (const auto& [epoch, chain] : Spy::receiving(Spy::ratchet(cipher))) {
            ASSERT_EQ(chain.key.holds_value(), !chain.length.has_value());
        }
    }

    void deliver_damaged(Role sender) {
        if (side(sender).sent.empty()) return;
        const Sent& sent = side(sender).sent.at(recent(sender));
        Side& receiver = side(other(sender));
        Cell damaged = sent.cell;
        const u64 bit = choice_.below(8 * cell_size);
        damaged.bytes.at(bit / 8) ^= static_cast<u8>(1U << (bit % 8));
        const CellError expected =
            bit / 8 < encrypted_header_size
                ? CellError::header_unreadable
                : receiver.receiver.refusal_of_key(sent.model, now_).value_or(CellError::bad_signature);
        const auto opened = pair_.of(other(sender)).open(damaged.bytes, now_);
        ASSERT_FALSE(opened);
        ASSERT_EQ(opened.error(), expected) << name(sender, sent) << " bit " << bit;
        ++outcomes_[expected];
    }

    void replace_efk(Role role) {
        CellCipher& cipher = pair_.of(role);
        if (cipher.own_efk_index() == 6) return;  // so many that no old one is dropped for room
        const auto content = cipher.announce_efk(std::make_unique<test::MacCellSigner>(pair_.rng), pair_.rng);
        ASSERT_TRUE(pair_.of(other(role)).accept_efk_announcement(content.bytes));
        cipher.activate_announced_efk();
    }

    static std::string name(Role sender, const Sent& sent) {
        return std::string{static_cast<char>(sender)} + " epoch " + std::to_string(sent.model.index.epoch) +
               " number " + std::to_string(sent.model.index.number);
    }

    test::SeededRng choice_;
    test::NonceRecorder recorder_;
    test::CellCipherPair pair_;
    Side a_{2};
    Side b_{1};
    Time now_{};
    std::map<std::optional<CellError>, std::size_t> outcomes_;
};

/// SECURE_P2P_TEST_SEED replays one seed.
std::pair<u64, u64> seeds() {
    const char* const one = std::getenv("SECURE_P2P_TEST_SEED");
    if (one == nullptr) return {0, 40};
    const u64 seed = std::stoull(one);
    return {seed, seed + 1};
}

TEST(CellCipherProperty, EveryInterleavingEndsAsTheModelSays) {
    std::map<std::optional<CellError>, std::size_t> total;
    const auto [from, to] = seeds();
    for (u64 seed = from; seed < to; ++seed) {
        SCOPED_TRACE("SECURE_P2P_TEST_SEED=" + std::to_string(seed));
        RandomConversation conversation{seed};
        conversation.run(400);
        if (HasFailure()) return;
        for (const auto outcome :
             {std::optional<CellError>{}, std::optional{CellError::replay},
              std::optional{CellError::header_unreadable}, std::optional{CellError::too_far_ahead},
              std::optional{CellError::message_key_gone}, std::optional{CellError::bad_signature}}) {
            total[outcome] += conversation.count(outcome);
        }
    }
    if (to - from == 1) return;
    for (const auto& [outcome, count] : total) {
        EXPECT_GT(count, 20U) << (outcome ? describe(*outcome) : "accepted") << ": the runs never came here";
    }
}

}  // namespace
}  // namespace chat
