#pragma once
/// One question to one STUN server (RFC 8489 6): sends a binding request, repeats it over UDP, and accepts
/// exactly one answer: from the address asked, with the transaction id drawn for it. Contract: handle() one
/// input, then poll() until empty.

#include <deque>
#include <optional>
#include <variant>

#include "base/rng.hpp"
#include "base/time.hpp"
#include "p2p_core/stun_message.hpp"

namespace chat {

enum class StunTransport : u8 { udp, tcp };

namespace stun {

using namespace std::chrono_literals;

/// RFC 8489 6.2.1: "SHOULD be greater than 500 ms", Rc "configurable and SHOULD have a default of 7", Rm
/// "SHOULD ... 16".
constexpr Duration initial_rto = 500ms;
constexpr unsigned request_count = 7;
constexpr unsigned last_wait_factor = 16;
/// RFC 8489 6.2.2: Ti "SHOULD have a default of 39.5 s".
constexpr Duration tcp_wait = 39500ms;

}  // namespace stun

class StunTransaction {
  public:
    struct Start {};
    /// Over UDP one datagram; over TCP one whole message (StunStreamReader cuts them).
    struct Received {
        SocketAddress source;
        ByteView message;  ///< borrowed for the call
    };
    struct ConnectionClosed {};
    struct TimePassed {};
    using Input = std::variant<Start, Received, ConnectionClosed, TimePassed>;

    struct Transmit {
        Bytes message;
    };
    struct Done {
        Result<SocketAddress, StunError> mapped;
    };
    using Output = std::variant<Transmit, Done>;

    /// Draws the transaction id; throws RngFailure.
    StunTransaction(const SocketAddress& server, StunTransport transport, Rng& rng);

    void handle(const Input& input, Time now);
    [[nodiscard]] std::optional<Output> poll();
    /// When TimePassed is due; empty before Start and once done.
    [[nodiscard]] std::optional<Time> deadline() const { return deadline_; }
    [[nodiscard]] bool done() const { return done_; }
    [[nodiscard]] const StunTransactionId& id() const { return id_; }
    /// Of an error response, otherwise 0.
    [[nodiscard]] u16 error_code() const { return error_code_; }

  private:
    void start(Time now);
    void receive(const Received& received);
    void time_passed(Time now);
    /// An answer that isn't ours: over UDP anybody may send one, so it is passed over; over TCP it ends the
    /// question.
    void pass_over(StunError why);
    void finish(Result<SocketAddress, StunError> mapped);

    SocketAddress server_;
    StunTransport transport_;
    StunTransactionId id_;
    std::deque<Output> outputs_;
    std::optional<Time> deadline_;
    unsigned requests_sent_ = 0;
    Duration rto_ = stun::initial_rto;
    StunError last_passed_over_ = StunError::no_answer;
    u16 error_code_ = 0;
    bool done_ = false;
};

/// Cuts the bytes of a TCP stream into STUN messages of bounded size.
class StunStreamReader {
  public:
    /// Takes bytes from the front of `input` and moves it on; gives a whole message when there is one,
    /// borrowed until the next call; empty when more is needed. After an error the stream is of no use.
    [[nodiscard]] Result<std::optional<ByteView>, StunError> read(ByteView& input);

  private:
    std::array<u8, stun::max_message> buffer_{};
    std::size_t filled_ = 0;
    std::size_t wanted_ = stun::header_size;
    bool handed_out_ = false;
};

}  // namespace chat
