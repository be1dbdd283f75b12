#include "p2p_core/stun_transaction.hpp"

#include <algorithm>
#include <cassert>

#include "p2p_core/take_front.hpp"

namespace chat {

StunTransaction::StunTransaction(const SocketAddress& server, StunTransport transport, Rng& rng)
    : server_{server}, transport_{transport}, id_{rng.bytes<StunTransactionId>()} {}

void StunTransaction::handle(const Input& input, Time now) {
    assert(outputs_.empty());
    if (done_) return;
    if (std::holds_alternative<Start>(input)) {
        start(now);
    } else if (const auto* received = std::get_if<Received>(&input)) {
        receive(*received);
    } else if (std::holds_alternative<ConnectionClosed>(input)) {
        finish(fail(StunError::connection_closed));
    } else {
        time_passed(now);
    }
}

std::optional<StunTransaction::Output> StunTransaction::poll() { return take_front(outputs_); }

void StunTransaction::start(Time now) {
    assert(requests_sent_ == 0);
    outputs_.emplace_back(Transmit{encode_binding_request(id_)});
    requests_sent_ = 1;
    deadline_ = now + (transport_ == StunTransport::tcp ? stun::tcp_wait : rto_);
}

void StunTransaction::time_passed(Time now) {
    if (!deadline_ || now < *deadline_) return;
    if (transport_ == StunTransport::tcp || requests_sent_ == stun::request_count) {
        finish(fail(last_passed_over_));
        return;
    }
    outputs_.emplace_back(Transmit{encode_binding_request(id_)});
    ++requests_sent_;
    rto_ *= 2;
    // From the moment it was due, so that a late alarm doesn't shift all that follow.
    const bool last = requests_sent_ == stun::request_count;
    deadline_ = std::max(now, *deadline_ + (last ? stun::initial_rto * stun::last_wait_factor : rto_));
}

void StunTransaction::receive(const Received& received) {
    if (received.source != server_) return pass_over(StunError::wrong_source);
    const auto message = StunMessage::decode(received.message);
    if (!message) return pass_over(message.error());
    if (message->transaction() != id_) return pass_over(StunError::wrong_transaction);
    const StunClass kind = message->message_class();
    if (message->method() != stun::binding || (kind != StunClass::success && kind != StunClass::error)) {
        return pass_over(StunError::unexpected_kind);
    }
    // RFC 8489 6.3.3 and 6.3.4: an answer of ours that must not be used ends the transaction.
    if (message->has_unknown_required()) return finish(fail(StunError::unknown_attribute));
    if (kind == StunClass::error) {
        const auto code = message->error_code();
        error_code_ = code.value_or(0);
        return finish(fail(code ? StunError::error_response : StunError::bad_attribute));
    }
    finish(message->mapped_address());
}

void StunTransaction::pass_over(StunError why) {
    if (transport_ == StunTransport::tcp) return finish(fail(why));
    last_passed_over_ = why;
}

void StunTransaction::finish(Result<SocketAddress, StunError> mapped) {
    done_ = true;
    deadline_.reset();
    outputs_.emplace_back(Done{std::move(mapped)});
}

Result<std::optional<ByteView>, StunError> StunStreamReader::read(ByteView& input) {
    if (handed_out_) {
        filled_ = 0;
        wanted_ = stun::header_size;
        handed_out_ = false;
    }
    while (true) {
        const std::size_t taken = std::min(wanted_ - filled_, input.size());
        std::copy_n(input.begin(), taken, buffer_.begin() + static_cast<std::ptrdiff_t>(filled_));
        input = input.subspan(taken);
        filled_ += taken;
        if (filled_ < wanted_) return std::optional<ByteView>{};
        const auto size = stun::message_size(std::span{buffer_}.first<stun::header_size>());
        if (!size) return fail(size.error());
        if (filled_ == *size) {
            handed_out_ = true;
            return std::optional<ByteView>{ByteView{buffer_}.first(*size)};
        }
        wanted_ = *size;
    }
}

}  // namespace chat
