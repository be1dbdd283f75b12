#include "p2p_core/stun_transaction.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "support/seeded_rng.hpp"
#include "support/stun_messages.hpp"
#include "support/virtual_time.hpp"

namespace chat {
namespace {

using test::at;
using test::StunBuilder;
using namespace std::chrono_literals;

const SocketAddress server{*parse_ip("8.8.8.8"), 3478};

class Asked {
  public:
    explicit Asked(StunTransport transport)
        : transaction{server, transport, *std::make_unique<test::SeededRng>(11)} {
        feed(StunTransaction::Start{}, 0s);
    }

    void feed(const StunTransaction::Input& input, Duration when) {
        transaction.handle(input, at(when));
        while (auto output = transaction.poll()) {
            if (auto* transmit = std::get_if<StunTransaction::Transmit>(&*output)) {
                sent_at.push_back(when / 1ms);
                sent.push_back(transmit->message);
            } else {
                done = std::get_if<StunTransaction::Done>(&*output)->mapped;
                done_at = when;
            }
        }
    }
    void receive(const Bytes& message, const SocketAddress& source = server) {
        feed(StunTransaction::Received{source, message}, 100ms);
    }
    void run_out() {
        while (const auto next = transaction.deadline()) feed(StunTransaction::TimePassed{}, *next - at(0s));
    }
    [[nodiscard]] StunBuilder answer(StunClass kind = StunClass::success) const {
        return StunBuilder{kind, transaction.id()};
    }
    [[nodiscard]] std::optional<StunError> error() const {
        if (!done || *done) return std::nullopt;
        return done->error();
    }

    StunTransaction transaction;
    std::vector<i64> sent_at;
    std::vector<Bytes> sent;
    std::optional<Result<SocketAddress, StunError>> done;
    Duration done_at{};
};

TEST(StunTransaction, RepeatsOverUdpByTheTableOfRfc8489) {
    Asked asked{StunTransport::udp};
    asked.run_out();
    EXPECT_EQ(asked.sent_at, (std::vector<i64>{0, 500, 1500, 3500, 7500, 15500, 31500}));
    EXPECT_EQ(asked.done_at, 39500ms);
    EXPECT_EQ(asked.error(), StunError::no_answer);
    for (const Bytes& request : asked.sent) EXPECT_EQ(request, asked.sent.front());
    EXPECT_TRUE(asked.transaction.done());
}

TEST(StunTransaction, AsksOnceOverTcpAndWaitsAsLong) {
    Asked asked{StunTransport::tcp};
    asked.run_out();
    EXPECT_EQ(asked.sent_at, std::vector<i64>{0});
    EXPECT_EQ(asked.done_at, 39500ms);
    EXPECT_EQ(asked.error(), StunError::no_answer);
}

TEST(StunTransaction, AnEarlyAlarmDoesNothing) {
    Asked asked{StunTransport::udp};
    asked.feed(StunTransaction::TimePassed{}, 499ms);
    EXPECT_EQ(asked.sent.size(), 1U);
}

TEST(StunTransaction, TakesTheAnswer) {
    for (StunTransport transport : {StunTransport::udp, StunTransport::tcp}) {
        Asked asked{transport};
        asked.receive(asked.answer().xor_mapped("9.9.9.9:99").fingerprint().bytes());
        ASSERT_TRUE(asked.done && *asked.done);
        EXPECT_EQ(to_text(**asked.done), "9.9.9.9:99");
        EXPECT_FALSE(asked.transaction.deadline());
        asked.done.reset();
        asked.receive(asked.answer().xor_mapped("9.9.9.1:1").bytes());
        EXPECT_FALSE(asked.done);
    }
}

TEST(StunTransaction, AnErrorResponseEndsIt) {
    Asked asked{StunTransport::udp};
    asked.receive(asked.answer(StunClass::error).error(420).bytes());
    EXPECT_EQ(asked.error(), StunError::error_response);
    EXPECT_EQ(asked.transaction.error_code(), 420);
    Asked nameless{StunTransport::udp};
    nameless.receive(nameless.answer(StunClass::error).bytes());
    EXPECT_EQ(nameless.error(), StunError::bad_attribute);
}

TEST(StunTransaction, AnUnusableAnswerEndsIt) {
    Asked unknown{StunTransport::udp};
    unknown.receive(unknown.answer().xor_mapped("9.9.9.9:99").attribute(0x7FFF, {}).bytes());
    EXPECT_EQ(unknown.error(), StunError::unknown_attribute);
    Asked empty{StunTransport::udp};
    empty.receive(empty.answer().bytes());
    EXPECT_EQ(empty.error(), StunError::no_address);
}

/// What must not count as an answer, and what it is called.
std::vector<std::tuple<Bytes, SocketAddress, StunError>> strays(const Asked& asked) {
    const Bytes right = asked.answer().xor_mapped("9.9.9.9:99").fingerprint().bytes();
    Bytes broken = right;
    broken.back() ^= 1;
    return {
        {right, {server.ip, 3479}, StunError::wrong_source},
        {right, {*parse_ip("8.8.8.9"), 3478}, StunError::wrong_source},
        {StunBuilder{StunClass::success}.xor_mapped("9.9.9.9:99").bytes(), server,
         StunError::wrong_transaction},
        {asked.sent.front(), server, StunError::unexpected_kind},
        {asked.answer(StunClass::indication).bytes(), server, StunError::unexpected_kind},
        {StunBuilder{StunClass::success, asked.transaction.id(), 3}.bytes(), server,
         StunError::unexpected_kind},
        {broken, server, StunError::bad_fingerprint},
        {Bytes(5), server, StunError::too_short},
        {Bytes(1501), server, StunError::too_long},
        {Bytes(20, 0xFF), server, StunError::not_stun},
    };
}

TEST(StunTransaction, OverUdpStraysArePassedOver) {
    const Asked sample{StunTransport::udp};
    for (std::size_t i = 0; i < strays(sample).size(); ++i) {
        Asked asked{StunTransport::udp};
        const auto [message, source, error] = strays(asked)[i];
        asked.receive(message, source);
        EXPECT_FALSE(asked.done) << describe(error);
        Asked unanswered = asked;
        unanswered.run_out();
        EXPECT_EQ(unanswered.error(), error);
        asked.receive(asked.answer().xor_mapped("9.9.9.9:99").bytes());
        EXPECT_TRUE(asked.done && *asked.done) << describe(error);
    }
}

TEST(StunTransaction, OverTcpAStrayEndsIt) {
    const Asked sample{StunTransport::tcp};
    for (std::size_t i = 0; i < strays(sample).size(); ++i) {
        Asked asked{StunTransport::tcp};
        const auto [message, source, error] = strays(asked)[i];
        asked.receive(message, source);
        EXPECT_EQ(asked.error(), error);
    }
}

TEST(StunTransaction, AClosedConnectionEndsIt) {
    Asked asked{StunTransport::tcp};
    asked.feed(StunTransaction::ConnectionClosed{}, 1s);
    EXPECT_EQ(asked.error(), StunError::connection_closed);
}

TEST(StunTransaction, DrawsAnotherIdEachTime) {
    test::SeededRng rng{12};
    const StunTransaction one{server, StunTransport::udp, rng};
    const StunTransaction two{server, StunTransport::udp, rng};
    EXPECT_NE(one.id(), two.id());
    test::FailingRng failing{rng, 1};
    EXPECT_THROW((StunTransaction{server, StunTransport::udp, failing}), RngFailure);
}

TEST(StunStreamReader, CutsMessagesHoweverTheBytesCome) {
    const std::vector<Bytes> messages{StunBuilder{StunClass::success}.xor_mapped("9.9.9.9:99").bytes(),
                                      StunBuilder{StunClass::success}.bytes(),
                                      StunBuilder{StunClass::error}.error(500).bytes()};
    Bytes stream;
    for (const Bytes& message : messages) append(stream, message);
    for (std::size_t step = 1; step <= stream.size(); ++step) {
        StunStreamReader reader;
        std::vector<Bytes> got;
        for (std::size_t from = 0; from < stream.size(); from += step) {
            ByteView piece = ByteView{stream}.subspan(from, std::min(step, stream.size() - from));
            while (!piece.empty()) {
                const auto message = reader.read(piece);
                ASSERT_TRUE(message);
                if (*message) got.emplace_back((*message)->begin(), (*message)->end());
            }
        }
        EXPECT_EQ(got, messages) << step;
    }
}

TEST(StunStreamReader, RefusesWhatIsNoStunAndWhatIsTooLong) {
    ByteView noise = bytes_of("HTTP/1.1 400 Bad Request\r\n");
    EXPECT_EQ(StunStreamReader{}.read(noise).error(), StunError::not_stun);
    Bytes big = StunBuilder{StunClass::success}.bytes();
    big[2] = 0xFF;
    big[3] = 0xFC;
    ByteView view = big;
    EXPECT_EQ(StunStreamReader{}.read(view).error(), StunError::too_long);
}

TEST(StunError, HasATextOfItsOwnForEach) {
    std::map<std::string_view, int> seen;
    for (u8 i = 0; i <= static_cast<u8>(StunError::deadline); ++i) {
        const std::string_view text = describe(static_cast<StunError>(i));
        EXPECT_NE(text, "unknown error") << int{i};
        EXPECT_EQ(++seen[text], 1) << text;
    }
}

}  // namespace
}  // namespace chat
