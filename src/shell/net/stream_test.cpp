#include "shell/net/stream.hpp"

#include "shell/net/listener.hpp"
#include "support/loop_fixture.hpp"
#include "support/raw_socket.hpp"

namespace chat {
namespace {

using test::loopback_v4;
using test::loopback_v6;
using test::RawSocket;
using namespace std::chrono_literals;

Bytes pattern(std::size_t size) {
    Bytes out(size);
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<u8>(i * 131 + (i >> 8U));
    return out;
}

/// A Stream and the plain socket at its other end.
class StreamTest : public test::LoopFixture {
  protected:
    void open(StreamLimits limits = {}) {
        ListenOptions options;
        options.bind = {loopback_v4().ip};
        options.stream = limits;
        listener_ =
            *Listener::open(loop, options, {[this](auto accepted) { stream = std::move(accepted); }, {}});
        raw.emplace(RawSocket::connected_to(loopback_v4(listener_->port())));
        run_until([this] { return stream != nullptr; });
    }
    Stream::Events recording() {
        return {[this](ByteView bytes) { append(received, bytes); }, [this] { ++ends; },
                [this](NetError error) { failures.push_back(error); }, [this] { ++drained; }};
    }
    /// Writes until the kernel takes no more and a good part stays in the queue; all that was written.
    Bytes fill_up() {
        Bytes sent;
        while (stream->queued() < 300000) {
            const Bytes piece = pattern(100000);
            EXPECT_TRUE(stream->write(piece));
            append(sent, piece);
        }
        return sent;
    }
    /// What the plain socket sees, until its end.
    std::string read_to_end() {
        std::string out;
        std::string end;
        run_until([&] {
            end = raw->look();
            if (end != "FIN" && end != "RST") out += std::exchange(end, "");
            if (end.empty()) look_again();
            return !end.empty();
        });
        return out + end;
    }

    std::unique_ptr<Stream> stream;
    std::optional<RawSocket> raw;
    Bytes received;
    int ends = 0;
    int drained = 0;
    std::vector<NetError> failures;

  private:
    std::unique_ptr<Listener> listener_;
};

TEST_F(StreamTest, CarriesBytesBothWaysAndCountsThem) {
    open();
    stream->start(recording());
    raw->send(bytes_of("hello"));
    run_until([&] { return received.size() == 5; });
    EXPECT_EQ(received, Bytes({'h', 'e', 'l', 'l', 'o'}));
    ASSERT_TRUE(stream->write({'y', 'o'}));
    ASSERT_TRUE(stream->write({}));
    EXPECT_EQ(stream->queued(), 0U);
    run_until([&] { return raw->readable(); });
    EXPECT_EQ(raw->look(), "yo");
    EXPECT_EQ(stream->bytes_received(), 5U);
    EXPECT_EQ(stream->bytes_sent(), 2U);
    EXPECT_EQ(stream->peer(), raw->local());
    EXPECT_EQ(stream->local().ip, loopback_v4().ip);
    EXPECT_EQ(drained, 0);
}

TEST_F(StreamTest, WhatCameBeforeStartIsRead) {
    open();
    raw->send(bytes_of("early"));
    stream->start(recording());
    EXPECT_TRUE(received.empty()) << "called back from inside the call";
    run_until([&] { return received.size() == 5; });
}

TEST_F(StreamTest, TellsOfTheEndAndCanStillWrite) {
    open();
    stream->start(recording());
    raw->send(bytes_of("bye"));
    raw->half_close();
    run_until([&] { return ends == 1; });
    EXPECT_EQ(received.size(), 3U);
    ASSERT_TRUE(stream->write({'!'}));
    run_until([&] { return raw->readable(); });
    EXPECT_EQ(raw->look(), "!");
    settle();
    EXPECT_EQ(ends, 1);
    EXPECT_TRUE(failures.empty());
}

TEST_F(StreamTest, TellsOnceThatThePeerBrokeTheConnection) {
    open();
    stream->start(recording());
    raw->reset();
    run_until([&] { return !failures.empty(); });
    settle();
    EXPECT_EQ(failures, std::vector{NetError::reset});
    EXPECT_EQ(ends, 0);
    EXPECT_EQ(stream->write({1}).error(), NetError::closed);
}

TEST_F(StreamTest, AFailedWriteIsToldLaterAndOnce) {
    open();
    stream->start(recording());
    stream->pause_reading();  // so that only writing can notice
    raw->reset();
    static_cast<void>(stream->write({1}));
    EXPECT_TRUE(failures.empty()) << "called back from inside the call";
    run_until([&] { return !failures.empty(); });
    settle();
    EXPECT_EQ(failures, std::vector{NetError::reset});
}

TEST_F(StreamTest, QueuesInOrderUpToItsLimitAndTellsWhenDrained) {
    StreamLimits limits;
    limits.write_queue = std::size_t{1} << 20U;
    open(limits);
    stream->start(recording());
    Bytes sent;
    // The kernel takes a part, the queue the rest.
    while (true) {
        Bytes piece = pattern(100000);
        piece[0] = static_cast<u8>(sent.size() / 100000);
        const Bytes copy = piece;
        const auto queued = stream->write(std::move(piece));
        if (!queued) {
            EXPECT_EQ(queued.error(), NetError::backlog_full);
            break;
        }
        append(sent, copy);
    }
    EXPECT_LE(stream->queued(), limits.write_queue);
    EXPECT_GT(stream->queued(), limits.write_queue - 100000);
    std::string got;
    run_until([&] {
        got += raw->look();
        if (got.size() < sent.size()) look_again();
        return got.size() == sent.size();
    });
    const ByteView seen = bytes_of(got);
    EXPECT_TRUE(std::equal(sent.begin(), sent.end(), seen.begin(), seen.end()));
    run_until([&] { return drained == 1; });
    EXPECT_EQ(stream->queued(), 0U);
    EXPECT_EQ(stream->bytes_sent(), sent.size());
}

TEST_F(StreamTest, APausedStreamReadsNothing) {
    open();
    stream->start(recording());
    stream->pause_reading();
    raw->send(bytes_of("wait"));
    settle();
    EXPECT_TRUE(received.empty());
    stream->resume_reading();
    run_until([&] { return received.size() == 4; });
}

TEST_F(StreamTest, GivesNoMoreThanItsChunkAtOnce) {
    StreamLimits limits;
    limits.read_chunk = 7;
    open(limits);
    std::vector<std::size_t> sizes;
    raw->send(pattern(20));
    stream->start({[&](ByteView bytes) { sizes.push_back(bytes.size()); }, {}, {}, {}});
    run_until([&] { return sizes.size() == 3; });
    EXPECT_EQ(sizes, (std::vector<std::size_t>{7, 7, 6}));
}

TEST_F(StreamTest, ItsDeadlineFailsIt) {
    open();
    stream->start(recording());
    stream->set_deadline(loop.now() + 1h);
    stream->set_deadline(loop.now() + 5ms);
    run_until([&] { return !failures.empty(); });
    EXPECT_EQ(failures, std::vector{NetError::timed_out});
    EXPECT_EQ(read_to_end(), "RST");
}

TEST_F(StreamTest, AClearedDeadlineDoesnt) {
    open();
    stream->start(recording());
    stream->set_deadline(loop.now());
    stream->clear_deadline();
    settle();
    EXPECT_TRUE(failures.empty());
}

TEST_F(StreamTest, ResetReachesThePeerAsSuchAndNothingIsCalledAfterIt) {
    open();
    stream->start(recording());
    raw->send(bytes_of("x"));
    stream->reset();
    EXPECT_EQ(read_to_end(), "RST");
    settle();
    EXPECT_TRUE(received.empty());
    EXPECT_TRUE(failures.empty());
}

TEST_F(StreamTest, DestroyingItResetsTheConnection) {
    open();
    stream->start(recording());
    stream.reset();
    EXPECT_EQ(read_to_end(), "RST");
}

TEST_F(StreamTest, ClosingSendsWhatIsQueuedFirstAlsoWhenDestroyedAtOnce) {
    open();
    stream->start(recording());
    const Bytes sent = fill_up();
    raw->send(bytes_of("unread"));  // would turn a plain close into a reset
    stream->close();
    EXPECT_EQ(stream->write({1}).error(), NetError::closed);
    stream.reset();
    const std::string got = read_to_end();
    EXPECT_EQ(got.size(), sent.size() + 3);
    EXPECT_EQ(got.substr(got.size() - 3), "FIN");
    EXPECT_TRUE(received.empty());
}

TEST_F(StreamTest, ClosingGivesUpOnAPeerThatTakesNothing) {
    open();
    stream->start(recording());
    fill_up();
    stream->close();
    const Time start = loop.now();
    // Its descriptor is free again when it has given up: the next one opened gets it.
    std::optional<Time> over;
    Timer look{loop};
    const std::function<void()> again = [&] {
        if (stream->queued() == 0) over = loop.now();
        look.set(loop.now() + 20ms, again);
    };
    again();
    run_until([&] { return over.has_value(); });
    EXPECT_GE(*over - start, 1900ms);
    EXPECT_LE(*over - start, 3s);
}

TEST_F(StreamTest, MayBeDestroyedFromEachOfItsCallbacks) {
    for (int which = 0; which < 3; ++which) {
        stream.reset();
        open();
        bool called = false;
        const auto destroy = [&] {
            stream.reset();
            called = true;
        };
        stream->start({[&](ByteView) { destroy(); }, [&] { destroy(); }, [&](NetError) { destroy(); }, {}});
        if (which == 0) raw->send(bytes_of("x"));
        if (which == 1) raw->half_close();
        if (which == 2) raw->reset();
        run_until([&] { return called; });
        settle();
    }
}

TEST_F(StreamTest, LetsGoOfWhatItsCallbacksOwn) {
    open();
    const auto owned = std::make_shared<int>(1);
    stream->start({[owned](ByteView) {}, {}, {}, {}});
    EXPECT_GT(owned.use_count(), 1);
    stream->close();
    settle();
    EXPECT_EQ(owned.use_count(), 1);
}

}  // namespace
}  // namespace chat
