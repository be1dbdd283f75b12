#include <gtest/gtest.h>

#include "secure_p2p/conversation/acknowledgements.hpp"
#include "secure_p2p/conversation/inbox.hpp"
#include "secure_p2p/conversation/outbox.hpp"
#include "support/seeded_rng.hpp"
#include "support/virtual_time.hpp"

namespace chat {
namespace {

using test::at;
using namespace std::chrono_literals;
using Priority = Outbox::Priority;

SecretBuffer text_of(std::size_t size) {
    SecretBuffer out{size};
    for (std::size_t i = 0; i < size; ++i) out.expose_mutable()[i] = static_cast<u8>('a' + i % 26);
    return out;
}

CellContent fragment(ContentType type, u32 stream, u16 index, u16 count, std::size_t size) {
    CellContent out;
    out.header = {type, stream, index, count, 0};
    out.content = text_of(size);
    return out;
}

TEST(Outbox, CutsAMessageIntoFullFragments) {
    Outbox outbox;
    ASSERT_TRUE(outbox.enqueue(ContentType::text, text_of(2 * max_content + 1), Priority::normal));
    std::vector<std::size_t> sizes;
    while (const auto next = outbox.next_fragment()) {
        EXPECT_EQ(next->header.fragment_index, sizes.size());
        EXPECT_EQ(next->header.fragment_count, 3);
        sizes.push_back(next->content.size());
        outbox.pop_fragment({});
    }
    EXPECT_EQ(sizes, (std::vector<std::size_t>{max_content, max_content, 1}));
    EXPECT_EQ(outbox.cells_sent(), 3U);
}

TEST(Outbox, AMessageIsDeliveredWithItsLastCell) {
    Outbox outbox;
    const auto id = outbox.enqueue(ContentType::text, text_of(max_content + 1), Priority::normal);
    while (outbox.next_fragment()) outbox.pop_fragment({});
    EXPECT_TRUE(outbox.acknowledge(1)->empty());
    EXPECT_EQ(outbox.unconfirmed_texts(), std::vector<u32>{*id});
    const auto delivered = outbox.acknowledge(2);
    ASSERT_EQ(delivered->size(), 1U);
    EXPECT_EQ(delivered->front().stream, *id);
    EXPECT_TRUE(outbox.unconfirmed_texts().empty());
}

TEST(Outbox, OldAcknowledgementsChangeNothingAndTooHighOnesAreRefused) {
    Outbox outbox;
    outbox.sent_single({}, ContentType::heartbeat);
    outbox.sent_single({}, ContentType::heartbeat);
    ASSERT_TRUE(outbox.acknowledge(2));
    ASSERT_TRUE(outbox.acknowledge(1));
    EXPECT_EQ(outbox.acknowledged(), 2U);
    EXPECT_FALSE(outbox.acknowledge(3));
    EXPECT_EQ(outbox.acknowledged(), 2U);
}

TEST(Outbox, UrgentOvertakesButNeverCutsIntoAMessage) {
    Outbox outbox;
    static_cast<void>(outbox.enqueue(ContentType::text, text_of(max_content + 1), Priority::normal));
    static_cast<void>(outbox.enqueue(ContentType::text, text_of(1), Priority::normal));
    static_cast<void>(outbox.next_fragment());
    outbox.pop_fragment({});
    static_cast<void>(outbox.enqueue(ContentType::efk_announcement, text_of(1), Priority::urgent));
    std::vector<ContentType> order;
    while (const auto next = outbox.next_fragment()) {
        order.push_back(next->header.type);
        outbox.pop_fragment({});
    }
    EXPECT_EQ(order, (std::vector{ContentType::text, ContentType::efk_announcement, ContentType::text}));
}

TEST(Outbox, TheQueueIsBoundedInNumberAndBytes) {
    Outbox many;
    for (std::size_t i = 0; i < max_queued_messages; ++i) {
        ASSERT_TRUE(many.enqueue(ContentType::text, text_of(1), Priority::normal));
    }
    EXPECT_FALSE(many.enqueue(ContentType::text, text_of(1), Priority::normal));
    EXPECT_TRUE(many.enqueue(ContentType::close, {}, Priority::urgent)) << "control always finds room";
    Outbox large;
    for (std::size_t i = 0; i < max_queued_bytes / max_text; ++i) {
        ASSERT_TRUE(large.enqueue(ContentType::text, text_of(max_text), Priority::normal));
    }
    EXPECT_FALSE(large.enqueue(ContentType::text, text_of(1), Priority::normal));
}

TEST(Inbox, PutsFragmentsTogether) {
    Inbox inbox;
    EXPECT_FALSE(*inbox.accept(fragment(ContentType::text, 1, 0, 2, max_content), 4));
    const auto whole = inbox.accept(fragment(ContentType::text, 1, 1, 2, 10), 4);
    ASSERT_TRUE(whole && *whole);
    EXPECT_EQ((*whole)->content.size(), max_content + 10);
    EXPECT_EQ((*whole)->efk_index, 4U);
}

TEST(Inbox, EveryDefectHasItsError) {
    const auto error = [](std::vector<CellContent> fragments, u32 last_efk = 0) {
        Inbox inbox;
        std::optional<AssemblyError> out;
        for (std::size_t i = 0; i < fragments.size(); ++i) {
            const auto taken =
                inbox.accept(std::move(fragments[i]), i + 1 == fragments.size() ? last_efk : 0);
            out.reset();
            if (!taken) out = taken.error();
        }
        return out;
    };
    const auto pair = [](CellContent first, CellContent second) {
        std::vector<CellContent> out;
        out.push_back(std::move(first));
        out.push_back(std::move(second));
        return out;
    };
    const auto begin = [] { return fragment(ContentType::text, 1, 0, 3, max_content); };
    std::vector<CellContent> lone;
    lone.push_back(fragment(ContentType::text, 1, 1, 2, 5));
    EXPECT_EQ(error(std::move(lone)), AssemblyError::unexpected_fragment);
    EXPECT_EQ(error(pair(begin(), fragment(ContentType::text, 1, 2, 3, 5))),
              AssemblyError::unexpected_fragment);
    EXPECT_EQ(error(pair(begin(), fragment(ContentType::text, 2, 1, 3, max_content))),
              AssemblyError::unexpected_fragment);
    EXPECT_EQ(error(pair(begin(), fragment(ContentType::text, 1, 1, 4, max_content))),
              AssemblyError::unexpected_fragment);
    EXPECT_EQ(error(pair(begin(), fragment(ContentType::identity_rotation, 1, 1, 3, max_content))),
              AssemblyError::unexpected_fragment);
    EXPECT_EQ(error(pair(begin(), fragment(ContentType::text, 1, 1, 3, 5))), AssemblyError::short_fragment);
    EXPECT_EQ(error(pair(begin(), fragment(ContentType::text, 1, 1, 3, max_content)), 1),
              AssemblyError::mixed_signing_keys);
}

TEST(Inbox, ATextOverTheLimitIsRefused) {
    Inbox inbox;
    std::optional<AssemblyError> last;
    for (u16 i = 0; i < max_fragments; ++i) {
        const auto taken = inbox.accept(fragment(ContentType::text, 1, i, max_fragments, max_content), 0);
        last.reset();
        if (!taken) last = taken.error();
    }
    EXPECT_EQ(last, AssemblyError::too_long);
}

TEST(Inbox, AfterAnErrorTheNextMessageIsTaken) {
    Inbox inbox;
    EXPECT_FALSE(inbox.accept(fragment(ContentType::text, 1, 1, 2, 5), 0));
    const auto next = inbox.accept(fragment(ContentType::text, 2, 0, 1, 5), 0);
    ASSERT_TRUE(next && *next);
}

TEST(Acknowledgements, AreDueAfterADrawnDelay) {
    test::SeededRng rng{1};
    std::set<Duration> delays;
    for (int i = 0; i < 100; ++i) {
        Acknowledgements acknowledgements;
        acknowledgements.accepted(ContentType::text, rng, at(0s));
        ASSERT_TRUE(acknowledgements.due());
        delays.insert(*acknowledgements.due() - at(0s));
    }
    EXPECT_GE(*delays.begin(), 50ms);
    EXPECT_LE(*delays.rbegin(), 250ms);
    EXPECT_GT(delays.size(), 50U);
}

TEST(Acknowledgements, ABareOneStartsNoTimer) {
    test::SeededRng rng{1};
    Acknowledgements acknowledgements;
    acknowledgements.accepted(ContentType::acknowledgement, rng, at(0s));
    EXPECT_FALSE(acknowledgements.due());
    EXPECT_EQ(acknowledgements.count(), 1U);
}

TEST(Acknowledgements, ManyAtOnceAreAcknowledgedAtOnceAndTheWindowIsKnown) {
    test::SeededRng rng{1};
    Acknowledgements acknowledgements;
    for (u64 i = 0; i < acknowledge_at_once_after; ++i)
        acknowledgements.accepted(ContentType::text, rng, at(1s));
    EXPECT_EQ(acknowledgements.due(), at(1s));
    acknowledgements.told();
    EXPECT_FALSE(acknowledgements.due());
    for (std::size_t i = 0; i + 1 < window_cells; ++i)
        acknowledgements.accepted(ContentType::text, rng, at(1s));
    EXPECT_FALSE(acknowledgements.peer_window_full());
    acknowledgements.accepted(ContentType::text, rng, at(1s));
    EXPECT_TRUE(acknowledgements.peer_window_full());
}

}  // namespace
}  // namespace chat
