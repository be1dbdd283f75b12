/// Forward secrecy, recovery from compromise and what the second layer adds (docs/protocol.md 0, 6, 7 and 12): a thief who copies
/// the whole state of one side at some moment, and has every cell that was ever on the wire, reads exactly the cells that this state
/// was made to read or write, and none before them or after one full turn.

#include <gtest/gtest.h>

#include "support/cell_cipher_pair.hpp"
#include "support/cell_cipher_thief.hpp"

namespace chat {
namespace {

using Thief = test::CellCipherThief;
using Spy = CellCipherInspector;

struct Sent {
    Role sender;
    CellIndex index;
};

/// What one side could open or seal at the moment of a theft; public knowledge of the test, no keys.
struct Moment {
    Role victim{};
    u32 epoch = 0;
    bool holds_private_keys = false;
    std::optional<CellIndex> next_sent;
    std::optional<CellIndex> next_received;
    std::set<CellIndex> skipped;
    std::size_t sent_before = 0;          ///< length of the transcript
    std::set<std::size_t> opened_before;  ///< places in it of the cells that the victim had opened

    Moment(Role role, const CellCipher& cipher, std::size_t length, std::set<std::size_t> opened)
        : victim{role}, sent_before{length}, opened_before{std::move(opened)} {
        const Ratchet& ratchet = Spy::ratchet(cipher);
        epoch = ratchet.epoch();
        holds_private_keys = Spy::own_dh(ratchet) != nullptr;
        if (const auto* chain = Spy::sending(ratchet)) next_sent = chain->next;
        if (!Spy::receiving(ratchet).empty()) {
            const auto& [current, chain] = *Spy::receiving(ratchet).rbegin();
            next_received = CellIndex{current, chain.next};
        }
        for (const auto& [index, entry] : Spy::skipped(ratchet)) skipped.insert(index);
    }

    /// Whether the state of this moment is meant to read the cell.
    [[nodiscard]] bool reads(const Sent& cell) const {
        const auto is_ahead = [&](const std::optional<CellIndex>& next) {
            return next && cell.index.epoch == next->epoch && cell.index.number >= next->number;
        };
        if (cell.sender == victim) return is_ahead(next_sent);
        const bool next_step_of_peer = holds_private_keys && cell.index.epoch == epoch + 1;
        return is_ahead(next_received) || skipped.count(cell.index) != 0 || next_step_of_peer;
    }
};

/// A random conversation with late and lost cells, robbed before every move.
class RobbedConversation {
  public:
    RobbedConversation(u64 seed, Thief::Loot loot) : pair_{seed}, choice_{seed + 1}, loot_{loot} {}

    void run(int moves) {
        for (int n = 0; n < moves; ++n) {
            rob(Role::a);
            rob(Role::b);
            move();
        }
    }

    struct Outcome {
        Moment moment;
        Thief::Broken broken;
    };

    /// Every thief with the transcript of the whole conversation.
    [[nodiscard]] std::vector<Outcome> attack() {
        std::vector<Outcome> out;
        for (std::size_t n = 0; n < thieves_.size(); ++n)
            out.push_back({moments_[n], thieves_[n].attack(transcript_)});
        return out;
    }

    [[nodiscard]] const std::vector<Sent>& sent() const { return sent_; }

  private:
    void rob(Role victim) {
        thieves_.emplace_back(pair_.of(victim), loot_);
        moments_.emplace_back(victim, pair_.of(victim), sent_.size(), opened_[victim]);
    }

    void move() {
        const Role role = choice_.below(2) == 0 ? Role::a : Role::b;
        if (!late_.empty() && choice_.below(4) == 0) return deliver(std::exchange(late_, {}).back());
        if (!pair_.of(role).can_seal()) return;
        const Ratchet& ratchet = Spy::ratchet(pair_.of(role));
        const Cell cell = pair_.of(role).seal(std::array<u8, inner_size>{}, pair_.rng).cell;
        const CellIndex after = Spy::sending(ratchet)->next;
        sent_.push_back({role, {after.epoch, after.number - 1}});
        transcript_.push_back({role, cell});
        if (choice_.below(4) == 0) {
            late_.push_back(sent_.size() - 1);
        } else {
            deliver(sent_.size() - 1);
        }
    }

    void deliver(std::size_t place) {
        const Role receiver = other(sent_[place].sender);
        ASSERT_TRUE(pair_.of(receiver).open(transcript_[place].cell.bytes, Time{}));
        opened_[receiver].insert(place);
    }

    test::CellCipherPair pair_;
    test::SeededRng choice_;
    Thief::Loot loot_;
    std::vector<Sent> sent_;
    std::vector<Thief::Recorded> transcript_;
    std::vector<std::size_t> late_;
    std::map<Role, std::set<std::size_t>> opened_;
    std::vector<Thief> thieves_;
    std::vector<Moment> moments_;
};

constexpr int moves = 24;
constexpr u64 seed = 41;

TEST(CellCipherSecrecy, AThiefReadsWhatTheStateReadsAndNothingElse) {
    RobbedConversation conversation{seed, Thief::Loot::both_layers};
    conversation.run(moves);
    std::size_t read = 0;
    for (const auto& [moment, broken] : conversation.attack()) {
        std::set<std::size_t> expected;
        for (std::size_t n = 0; n < conversation.sent().size(); ++n) {
            if (moment.reads(conversation.sent()[n])) expected.insert(n);
        }
        EXPECT_EQ(broken.bodies, expected);
        EXPECT_EQ(broken.inners, expected);
        read += expected.size();
    }
    EXPECT_GT(read, 100U) << "the thief is able to read what it should";
}

TEST(CellCipherSecrecy, NothingOpenedOrSentBeforeTheTheftIsRead) {
    RobbedConversation conversation{seed + 1, Thief::Loot::both_layers};
    conversation.run(moves);
    std::size_t safe = 0;
    for (const auto& [moment, broken] : conversation.attack()) {
        for (std::size_t n = 0; n < moment.sent_before; ++n) {
            const bool was_used =
                conversation.sent()[n].sender == moment.victim || moment.opened_before.count(n) != 0;
            if (!was_used) continue;
            EXPECT_EQ(broken.bodies.count(n), 0U);
            EXPECT_EQ(broken.inners.count(n), 0U);
            ++safe;
        }
    }
    EXPECT_GT(safe, 100U);
}

TEST(CellCipherSecrecy, NothingIsReadAfterOneFullTurn) {
    RobbedConversation conversation{seed + 2, Thief::Loot::both_layers};
    conversation.run(moves);
    std::size_t healed = 0;
    for (const auto& [moment, broken] : conversation.attack()) {
        for (std::size_t n = moment.sent_before; n < conversation.sent().size(); ++n) {
            if (conversation.sent()[n].index.epoch < moment.epoch + 2) continue;
            EXPECT_EQ(broken.bodies.count(n), 0U);
            EXPECT_EQ(broken.inners.count(n), 0U);
            ++healed;
        }
    }
    EXPECT_GT(healed, 100U);
}

TEST(CellCipherSecrecy, TheRatchetsSecretsAloneReadNoInnerRecord) {
    RobbedConversation conversation{seed, Thief::Loot::ratchet_only};
    conversation.run(moves);
    std::size_t bodies = 0;
    for (const auto& [moment, broken] : conversation.attack()) {
        EXPECT_TRUE(broken.inners.empty());
        bodies += broken.bodies.size();
    }
    EXPECT_GT(bodies, 100U);
}

}  // namespace
}  // namespace chat
