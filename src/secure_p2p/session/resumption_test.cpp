#include "secure_p2p/session/resumption.hpp"

#include <gtest/gtest.h>

#include "support/seeded_rng.hpp"
#include "support/virtual_time.hpp"

namespace chat {
namespace {

using test::at;
using test::SeededRng;
using namespace std::chrono_literals;

/// Both sides, with streams 2, 3, ... as candidates to replace stream 1.
struct Pair {
    SeededRng rng{9};
    SessionIdBytes session_id = rng.bytes<SessionIdBytes>();
    RootKey root_key = rng.secret<RootKey>();
    Resumption a{Role::a, ResumeFrames{Role::a, session_id, root_key}, rng};
    Resumption b{Role::b, ResumeFrames{Role::b, session_id, root_key}, rng};

    Pair() {
        a.begin(1);
        b.begin(1);
    }
    TlsExporter exporter(StreamId stream) {
        TlsExporter out;
        out.bytes[0] = static_cast<u8>(stream);
        return out;
    }
    template <class Action>
    std::optional<Action> take(Resumption& from) {
        std::optional<Action> out;
        while (auto action = from.poll()) {
            if (auto* found = std::get_if<Action>(&*action)) out = *found;
        }
        return out;
    }
    Bytes frame_of(Resumption& from) {
        const auto sent = take<Resumption::SendFrame>(from);
        return sent ? Bytes{sent->frame.bytes.begin(), sent->frame.bytes.end()} : Bytes{};
    }
};

TEST(Resumption, AMovesToANewStreamAndBFollows) {
    Pair p;
    p.b.stream_secured(2, p.exporter(2), 10, at(0s));
    p.a.stream_secured(2, p.exporter(2), 20, at(0s));
    EXPECT_FALSE(p.a.current()) << "A stopped reading the old stream before it sent the frame";
    const Bytes to_b = p.frame_of(p.a);
    EXPECT_EQ(p.b.current(), 1U);
    ASSERT_TRUE(p.b.receive(2, to_b, 10, 100));
    EXPECT_EQ(p.b.current(), 2U);
    const Bytes to_a = p.frame_of(p.b);
    ASSERT_TRUE(p.a.receive(2, to_a, 20, 100));
    const auto online = p.take<Resumption::Online>(p.a);
    ASSERT_TRUE(online);
    EXPECT_EQ(online->peer_acknowledged, 10U);
}

TEST(Resumption, BRefusesAnAttemptThatIsNotHigher) {
    Pair p;
    p.a.stream_secured(2, p.exporter(2), 0, at(0s));
    const Bytes first = p.frame_of(p.a);
    p.b.stream_secured(2, p.exporter(2), 0, at(0s));
    ASSERT_TRUE(p.b.receive(2, first, 0, 0));
    Pair again;  // the same keys: A's state as it was, a clone that counts from the start
    again.a.stream_secured(2, again.exporter(2), 0, at(0s));
    p.b.stream_secured(3, p.exporter(2), 0, at(1s));
    EXPECT_EQ(p.b.receive(3, again.frame_of(again.a), 0, 0).error(), ResumeError::old_attempt);
    EXPECT_EQ(p.b.current(), 2U);
}

TEST(Resumption, RefusesAFrameOnAStreamThatDidNotAskForOne) {
    Pair p;
    p.a.stream_secured(2, p.exporter(2), 0, at(0s));
    EXPECT_EQ(p.b.receive(1, p.frame_of(p.a), 0, 0).error(), ResumeError::old_attempt);
}

TEST(Resumption, RefusesAcknowledgementsOfWhatWasNeverSent) {
    Pair p;
    p.b.stream_secured(2, p.exporter(2), 0, at(0s));
    p.a.stream_secured(2, p.exporter(2), 6, at(0s));
    EXPECT_EQ(p.b.receive(2, p.frame_of(p.a), 0, 5).error(), ResumeError::acknowledged_too_much);
    EXPECT_EQ(p.b.current(), 1U);
}

TEST(Resumption, RefusesDamageWithoutLettingGoOfTheOldStream) {
    Pair p;
    p.b.stream_secured(2, p.exporter(2), 0, at(0s));
    p.a.stream_secured(2, p.exporter(2), 0, at(0s));
    Bytes frame = p.frame_of(p.a);
    frame[100] ^= 1U;
    EXPECT_EQ(p.b.receive(2, frame, 0, 0).error(), ResumeError::unreadable);
    EXPECT_EQ(p.b.receive(2, ByteView{frame}.first(7), 0, 0).error(), ResumeError::wrong_length);
    EXPECT_EQ(p.b.current(), 1U);
}

TEST(Resumption, CandidatesAreBoundedAndTheOldestMakesRoom) {
    Pair p;
    for (StreamId stream = 2; stream <= 1 + max_resume_candidates; ++stream)
        p.b.stream_secured(stream, p.exporter(stream), 0, at(0s));
    EXPECT_FALSE(p.take<Resumption::Drop>(p.b));
    p.b.stream_secured(99, p.exporter(99), 0, at(0s));
    const auto dropped = p.take<Resumption::Drop>(p.b);
    ASSERT_TRUE(dropped);
    EXPECT_EQ(dropped->stream, 2U);
}

TEST(Resumption, ACandidateThatDoesNotAnswerIsDropped) {
    Pair p;
    p.a.stream_secured(2, p.exporter(2), 0, at(0s));
    static_cast<void>(p.frame_of(p.a));
    EXPECT_EQ(p.a.next_deadline(), at(0s) + resume_answer_limit);
    p.a.tick(at(0s) + resume_answer_limit);
    EXPECT_EQ(p.take<Resumption::Drop>(p.a)->stream, 2U);
    EXPECT_FALSE(p.a.pending());
}

TEST(Resumption, AKeepsTheFirstOfTwoStreamsUnlessItIsLate) {
    Pair p;
    p.a.stream_secured(2, p.exporter(2), 0, at(0s));
    static_cast<void>(p.frame_of(p.a));
    p.a.stream_secured(3, p.exporter(3), 0, at(1s));
    EXPECT_EQ(p.take<Resumption::Drop>(p.a)->stream, 3U);
    p.a.stream_secured(4, p.exporter(4), 0, at(3s));
    EXPECT_EQ(p.take<Resumption::Drop>(p.a)->stream, 2U);
    EXPECT_TRUE(p.a.owns(4));
}

}  // namespace
}  // namespace chat
