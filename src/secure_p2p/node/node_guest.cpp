#include "secure_p2p/node/node.hpp"

namespace chat {
namespace {

/// A handshake that the transport cut is begun again this often; with an invite nothing is lost by that.
constexpr u32 max_failed_handshakes = 5;
/// A stream that breaks this soon was cut; one that lasts longer was held by a listener that does not know the secret.
constexpr Duration cut_rather_than_held = std::chrono::seconds{5};
/// How long a resumption waits for B's reply while B may not know the session yet (docs/protocol.md 5.5).
constexpr Duration half_made_resume_limit = std::chrono::seconds{5};

std::optional<EndReason> refusal(const Connection::Failed& failure) {
    if (failure.bootstrap_error == BootstrapError::spent) return EndReason::invite_spent;
    if (failure.bootstrap_error == BootstrapError::expired) return EndReason::invite_expired;
    if (failure.bootstrap_error == BootstrapError::busy) return EndReason::host_busy;
    return std::nullopt;
}

}  // namespace

bool Node::connecting() const {
    for (const auto& [stream, entry] : connections_) {
        if (entry.session == nullptr && (!reception_ || entry.authenticated)) return true;
    }
    return false;
}

void Node::consider_dialling(Time now) {
    if (dial_in_flight_ || connecting()) return;
    ActiveSession* const current = active();
    if (current != nullptr && current->session->take_planned_reconnect(now))
        return dial(DialUnder::resume, now);
    const bool wanted = current == nullptr || current->session->wants_stream();
    if (!wanted) {
        next_dial_.reset();
        return;
    }
    if (!next_dial_) next_dial_ = now + backoff_.next(rng_);
    if (now < *next_dial_) return;
    next_dial_.reset();
    const bool confirmed = current != nullptr && current->session->confirmed();
    const auto under = guest_->next(current != nullptr && !confirmed, confirmed);
    if (!under)
        return end(EndReason::handshake_failed, "the handshake is not repeated without an invite", now);
    dial(*under, now);
}

void Node::dial(DialUnder under, Time) {
    dial_under_ = under;
    dial_in_flight_ = next_ticket_++;
    outputs_.emplace_back(Dial{*dial_in_flight_});
}

void Node::stream_dialled(u32 ticket, StreamId stream, Time now) {
    guarded(now, [&] {
        if (dial_in_flight_ != ticket) {
            outputs_.emplace_back(CloseStream{stream, StreamEnd::reset});
            return;
        }
        const ActiveSession* const current = active();
        const bool resume = dial_under_ == DialUnder::resume && current != nullptr;
        const PresharedSecret* const secret = resume ? &current->resume_secret : guest_->secret();
        std::optional<FirstContact> first;
        if (!resume) first = FirstContact{Role::a, identity_, guest_->host()};
        auto link = Link::dial(secret, Role::a, supply_.take_certificate(), tls_, rng_, log_);
        const bool doubtful = resume && !current->session->confirmed();
        Entry entry{Connection{std::move(link), std::move(first), supply_, rng_},
                    resume ? Purpose::resumption : Purpose::first_contact,
                    now + (doubtful ? half_made_resume_limit : deadlines::bootstrap), std::nullopt,
                    dial_under_};
        entry.begun = now;
        connections_.emplace(stream, std::move(entry));
    });
}

void Node::dial_failed(u32 ticket, Time now) {
    guarded(now, [&] {
        if (dial_in_flight_ != ticket) return;
        dial_in_flight_.reset();
        const bool again =
            std::exchange(dial_was_cut_, false) && ++failed_handshakes_ < max_failed_handshakes;
        if (sessions_.empty() && !again) return end(EndReason::unreachable, {}, now);
        retry_later(now);
    });
}

void Node::retry_later(Time now) { next_dial_ = now + backoff_.next(rng_); }

void Node::failed_at_guest(StreamId stream, const Connection::Failed& failure, Time now) {
    const Entry& entry = connections_.at(stream);
    const bool was_authenticated = entry.authenticated;
    const DialUnder under = *entry.under;
    const Time dialled_at = entry.begun;
    drop_connection(stream, was_authenticated ? StreamEnd::orderly : StreamEnd::reset);
    if (const auto reason = refusal(failure)) {
        dial_in_flight_.reset();
        if (sessions_.empty()) return end(*reason, {}, now);
        // Spent by this very guest: the half-made session is the session, and only its resume secret leads there.
        guest_->forget_invite();
        return retry_later(now);
    }
    // Another address of the same dial may still lead to the peer; dial_failed comes when none does.
    if (!was_authenticated && dial_in_flight_) {
        if (failure.transport && under == DialUnder::invite && now < dialled_at + cut_rather_than_held)
            dial_was_cut_ = true;
        return;
    }
    if (under == DialUnder::resume) return retry_later(now);
    say(HandshakeFailed{failure.stage, failure.reason});
    const bool again =
        failure.transport && under == DialUnder::invite && ++failed_handshakes_ < max_failed_handshakes;
    if (!again && sessions_.empty()) return end(EndReason::handshake_failed, failure.reason, now);
    retry_later(now);
}

}  // namespace chat
