#include "secure_p2p/conversation/conversation.hpp"

#include <gtest/gtest.h>

#include "support/cell_cipher_pair.hpp"
#include "support/virtual_time.hpp"

namespace chat {
namespace {

using test::at;
using namespace std::chrono_literals;

/// B's conversation against an A who has all keys and sends what it likes.
class ConversationWithALiar : public testing::Test {
  protected:
    ConversationWithALiar() { EXPECT_TRUE(b_.go_online(0, now_)); }

    Cell cell(const ContentHeader& header, ByteView content = {}) {
        std::array<u8, inner_record_size> record{};
        encode_content(header, content, pair_.rng, record);
        return pair_.a.seal(record, pair_.rng).cell;
    }
    void give(const Cell& cell) { b_.receive_cell(cell.bytes, now_); }

    /// Takes what the conversation has to say.
    void drain() {
        while (auto output = b_.poll()) {
            if (std::holds_alternative<SendCell>(*output)) ++sent_;
            if (const auto* event = std::get_if<SecurityEvent>(&*output)) events_.push_back(event->kind);
            if (const auto* unusable = std::get_if<Unusable>(&*output)) lost_ = unusable->reason;
            if (std::holds_alternative<ReceivedMessage>(*output)) ++messages_;
        }
    }
    std::vector<SecurityEventKind> events() {
        drain();
        return std::exchange(events_, {});
    }
    /// B has said so much that its window is full, and A acknowledges nothing.
    void fill_window_of_b() {
        give(cell({ContentType::heartbeat}));
        for (std::size_t i = 0; i < window_cells_for_content; ++i) {
            ASSERT_TRUE(b_.enqueue(ContentType::text, SecretBuffer{1}, Outbox::Priority::normal, now_));
        }
        while (b_.outbox().unacknowledged() < window_cells_for_content) b_.tick(now_);
        drain();
    }

    test::CellCipherPair pair_{1};
    Conversation b_{std::move(pair_.b), pair_.rng, std::nullopt};
    Time now_ = at(0s);
    std::vector<SecurityEventKind> events_;
    std::optional<LostReason> lost_;
    std::size_t sent_ = 0;
    std::size_t messages_ = 0;
};

TEST_F(ConversationWithALiar, ADamagedCellIsRefusedAndTheNextOneStillTaken) {
    const Cell good = cell({ContentType::text}, bytes_of("hi"));
    Cell damaged = good;
    damaged.bytes[4000] ^= 1U;
    give(damaged);
    EXPECT_EQ(events(), std::vector{SecurityEventKind::cell_refused});
    give(good);
    EXPECT_TRUE(events().empty());
    EXPECT_EQ(messages_, 1U);
    EXPECT_FALSE(lost_);
}

TEST_F(ConversationWithALiar, AReplayIsAnEventOfItsOwnAndNoSecondMessage) {
    const Cell good = cell({ContentType::text}, bytes_of("hi"));
    give(good);
    give(good);
    EXPECT_EQ(events(), std::vector{SecurityEventKind::replay});
    EXPECT_EQ(messages_, 1U);
}

TEST_F(ConversationWithALiar, AGapGivesTheStreamUpAndKeepsNothingOfIt) {
    static_cast<void>(cell({ContentType::text}, bytes_of("lost")));
    give(cell({ContentType::text}, bytes_of("after")));
    EXPECT_EQ(events(), std::vector{SecurityEventKind::gap});
    EXPECT_EQ(lost_, LostReason::gap);
    EXPECT_EQ(messages_, 0U);
    EXPECT_EQ(b_.accepted(), 0U);
}

TEST_F(ConversationWithALiar, ContentThatMakesNoSenseIsDroppedButKeepsItsPlace) {
    give(cell({ContentType::text, 1, 1, 2}, bytes_of("the end of nothing")));
    EXPECT_EQ(events(), std::vector{SecurityEventKind::malformed_content});
    EXPECT_EQ(messages_, 0U);
    EXPECT_EQ(b_.accepted(), 1U);
}

TEST_F(ConversationWithALiar, AcknowledgingWhatWasNeverSentIsRefusedWithItsContent) {
    give(cell({ContentType::text, 1, 0, 1, 1}, bytes_of("hi")));
    EXPECT_EQ(events(), std::vector{SecurityEventKind::acknowledged_too_much});
    EXPECT_EQ(messages_, 0U);
    EXPECT_EQ(b_.outbox().acknowledged(), 0U);
}

TEST_F(ConversationWithALiar, AFloodBeyondTheWindowIsRefused) {
    fill_window_of_b();
    // 64 acknowledgements of 128 cells each are all that B can still say; then 512 more are the peer's window.
    const std::size_t bearable = 64 * acknowledge_at_once_after + window_cells;
    std::size_t given = 0;
    while (!lost_ && given <= bearable) {
        give(cell({ContentType::heartbeat}));
        ++given;
        for (SecurityEventKind kind : events()) EXPECT_EQ(kind, SecurityEventKind::flood);
    }
    EXPECT_EQ(lost_, LostReason::gap);
    EXPECT_GT(given, window_cells);
    EXPECT_EQ(b_.outbox().unacknowledged(), window_cells);
}

TEST_F(ConversationWithALiar, APeerThatAcknowledgesNothingCountsAsLostAfterAMinute) {
    fill_window_of_b();
    for (int i = 0; i < 4; ++i) {
        now_ += 14s;
        give(cell({ContentType::heartbeat}));
        b_.tick(now_);
        drain();
        EXPECT_FALSE(lost_);
    }
    now_ += 14s;
    give(cell({ContentType::heartbeat}));
    b_.tick(now_);
    drain();
    EXPECT_EQ(lost_, LostReason::stalled);
}

TEST_F(ConversationWithALiar, APeerThatSaysNothingCountsAsLostAfterAMinute) {
    now_ += silence_limit - 1us;
    b_.tick(now_);
    drain();
    EXPECT_FALSE(lost_);
    now_ += 1us;
    b_.tick(now_);
    drain();
    EXPECT_EQ(lost_, LostReason::silent);
}

TEST_F(ConversationWithALiar, HeartbeatsLeaveWithinTheirJitter) {
    give(cell({ContentType::heartbeat}));
    drain();
    for (int i = 0; i < 20; ++i) {
        give(cell({ContentType::acknowledgement, 0, 0, 1, b_.outbox().cells_sent()}));
        const std::size_t before = sent_;
        const Time begun = now_;
        while (sent_ == before) {
            now_ = *b_.next_deadline();
            b_.tick(now_);
            drain();
        }
        EXPECT_LE(now_ - begun, heartbeat_interval + heartbeat_jitter);
    }
}

}  // namespace
}  // namespace chat
