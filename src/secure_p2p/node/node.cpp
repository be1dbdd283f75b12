#include "secure_p2p/node/node.hpp"

#include <cassert>
namespace chat {

std::string_view describe(LinkState state) {
    switch (state) {
        case LinkState::waiting: return "waiting for a guest";
        case LinkState::dialling: return "dialling";
        case LinkState::handshaking: return "setting up";
        case LinkState::online: return "online";
        case LinkState::lost: return "connection lost";
        case LinkState::ended: return "ended";
    }
    return "";
}

Node::Node(NodeOptions options, Rng& rng, KeySupply& supply, const TlsContext& tls,
           std::shared_ptr<IdentityKeys> identity, CiphertextLog& log)
    : options_{std::move(options)},
      rng_{rng},
      supply_{supply},
      tls_{tls},
      identity_{std::move(identity)},
      log_{log} {}

/// Without randomness nothing may go on: the session ends and every stream with it.
void Node::guarded(Time now, const std::function<void()>& action) {
    if (ended_) return;
    latest_ = std::max(latest_, now);
    try {
        action();
        settle(now);
    } catch (const RngFailure& failure) {
        count({SecurityEventKind::entropy_alarm, failure.what()});
        end(EndReason::randomness_failed, failure.what(), now);
    }
}

Result<void, GateError> Node::offer_invite(const PresharedSecret& secret, WallTime expiry, InviteUse use) {
    assert(!guest_);
    if (!reception_) reception_.emplace(rng_, log_);
    const auto id = reception_->offer_invite(secret, {identity_, use, expiry});
    if (!id) return fail(id.error());
    return {};
}

Result<void, GateError> Node::offer_open() {
    assert(!guest_);
    if (!reception_) reception_.emplace(rng_, log_);
    const auto id = reception_->offer_open(identity_);
    if (!id) return fail(id.error());
    return {};
}

void Node::join(PresharedSecret secret, const Fingerprint& host, Time now) {
    assert(!reception_ && !guest_);
    guest_.emplace(std::move(secret), host);
    guarded(now, [&] { next_dial_ = now; });
}

void Node::connect_open(Time now) {
    assert(!reception_ && !guest_);
    guest_.emplace(std::nullopt, std::nullopt);
    guarded(now, [&] { next_dial_ = now; });
}

void Node::stream_accepted(StreamId stream, const NetworkKey& network, Time now) {
    guarded(now, [&] {
        if (reception_) return reception_->accepted(stream, network, now);
        outputs_.emplace_back(CloseStream{stream, StreamEnd::reset});
    });
}

void Node::receive(StreamId stream, ByteView bytes, Time now) {
    guarded(now, [&] {
        const auto found = connections_.find(stream);
        if (found != connections_.end()) return found->second.connection.receive(bytes);
        if (reception_) reception_->receive(stream, bytes, vacancy(), now);
    });
}

void Node::stream_gone(StreamId stream, Gone how, Time now) {
    guarded(now, [&] {
        const auto found = connections_.find(stream);
        const bool in_door = reception_ && (found == connections_.end() || !found->second.authenticated);
        if (in_door && how == Gone::end_of_input) return;
        if (in_door) reception_->gone(stream, now);
        if (found != connections_.end()) found->second.connection.stream_ended();
    });
}

void Node::tick(Time now, WallTime wall, std::optional<Duration> asleep) {
    guarded(now, [&] {
        if (auto event = clocks_.observe(now, wall, asleep)) say(std::move(*event));
        if (reception_) reception_->tick(now, wall);
        expire_connections(now);
        for (const auto& each : sessions_) each->session->tick(now);
    });
}

Result<MessageId, SendError> Node::send_text(ByteView utf8, Time now) {
    ActiveSession* const current = active();
    if (current == nullptr || !current->session->confirmed()) return fail(SendError::no_session);
    Result<MessageId, SendError> out = fail(SendError::no_session);
    guarded(now, [&] { out = current->session->send_text(utf8, now); });
    return out;
}

void Node::typing(Time now) {
    guarded(now, [&] {
        if (auto* current = active()) current->session->typing(now);
    });
}

void Node::rotate_identity(Time now) {
    guarded(now, [&] {
        if (auto* current = active()) current->session->rotate_identity(now);
    });
}

Result<void, EndorsementRefusal> Node::endorse(const Endorsement& endorsement, Time now) {
    Result<void, EndorsementRefusal> out = fail(EndorsementRefusal::no_session);
    guarded(now, [&] {
        if (auto* current = active()) out = current->session->endorse(endorsement, now);
    });
    return out;
}

void Node::restore_verification(Time now) {
    guarded(now, [&] {
        if (active() == nullptr || verification_ == Verification::verified ||
            verification_ == Verification::words_differ)
            return;
        verification_ = Verification::known_verified;
        say(VerificationChanged{*verification_});
    });
}

void Node::words_compared(Comparison outcome, Time now) {
    if (active() == nullptr) return;
    verification_ = outcome == Comparison::equal ? Verification::verified : Verification::words_differ;
    say(VerificationChanged{*verification_});
    if (outcome == Comparison::different) quit(now);
}

void Node::reconnect(Time now) {
    guarded(now, [&] {
        if (guest_ && !sessions_.empty() && !dial_in_flight_) next_dial_ = now;
    });
}

void Node::quit(Time now) {
    if (active() == nullptr) return end(EndReason::we_closed, {}, now);
    guarded(now, [&] { active()->session->quit(now); });
}

void Node::identity_keys_lost(std::string why, Time now) {
    guarded(now, [&] { end(EndReason::identity_keys_lost, std::move(why), now); });
}

void Node::settle(Time now) {
    bool moved = true;
    while (moved && !ended_) {
        if (reception_) drain_reception(now);
        moved = drain_connections(now);
        moved = drain_sessions(now) || moved;
        moved = answer_alarm(now) || moved;
    }
    if (!ended_ && guest_) consider_dialling(now);
}

bool Node::drain_connections(Time now) {
    std::vector<StreamId> streams;
    for (const auto& [stream, entry] : connections_) streams.push_back(stream);
    bool moved = false;
    for (StreamId stream : streams) moved = drain(stream, now) || moved;
    return moved;
}

bool Node::drain(StreamId stream, Time now) {
    bool moved = false;
    for (;;) {
        const auto found = connections_.find(stream);
        if (found == connections_.end()) return moved;
        auto output = found->second.connection.poll();
        if (!output) return moved;
        moved = true;
        handle(stream, found->second, std::move(*output), now);
    }
}

void Node::handle(StreamId stream, Entry& entry, Connection::Output output, Time now) {
    if (auto* write = std::get_if<Link::Write>(&output)) {
        outputs_.emplace_back(Transmit{stream, std::move(write->bytes)});
    } else if (std::holds_alternative<Link::Authenticated>(output)) {
        authenticated(stream, entry, now);
    } else if (auto* frame = std::get_if<Link::Received>(&output)) {
        if (entry.session != nullptr) entry.session->session->receive(stream, frame->kind, frame->body, now);
    } else if (const auto* secured = std::get_if<Connection::SecuredForResume>(&output)) {
        secured_for_resume(stream, entry, secured->exporter, now);
    } else if (std::holds_alternative<Connection::BundleArrived>(output)) {
        bundle_arrived(stream, entry, now);
    } else if (auto* agreement = std::get_if<Agreement>(&output)) {
        agreed(stream, entry, std::move(*agreement), now);
    } else if (auto* reached = std::get_if<StageReached>(&output)) {
        if (reached->stage == Stage::tls) entry.deadline = now + deadlines::key_exchange;
        say(std::move(*reached));
    } else if (auto* failure = std::get_if<Connection::Failed>(&output)) {
        failed(stream, std::move(*failure), now);
    }
}

void Node::authenticated(StreamId stream, Entry& entry, Time now) {
    entry.authenticated = true;
    entry.deadline = now + deadlines::tls_handshake;
    if (reception_) return reception_->established(stream, now);
    dial_in_flight_.reset();
    outputs_.emplace_back(StreamConfirmed{stream});
    std::vector<StreamId> others;
    for (const auto& [id, other] : connections_) {
        if (id != stream && !other.authenticated) others.push_back(id);
    }
    for (StreamId other : others) drop_connection(other, StreamEnd::reset);
}

void Node::failed(StreamId stream, Connection::Failed failure, Time now) {
    Entry& entry = connections_.at(stream);
    while (auto rest = entry.connection.poll()) {
        if (auto* write = std::get_if<Link::Write>(&*rest))
            outputs_.emplace_back(Transmit{stream, std::move(write->bytes)});
    }
    if (failure.own_keys) return end(EndReason::identity_keys_lost, std::move(failure.reason), now);
    if (entry.session == nullptr)
        return reception_ ? failed_at_host(stream, failure, now) : failed_at_guest(stream, failure, now);
    if (failure.framing) {
        say(SecurityEvent{SecurityEventKind::frame_refused, failure.reason});
    } else if (!failure.transport && !failure.orderly) {
        say(SecurityEvent{SecurityEventKind::record_refused, failure.reason});
    }
    Session& session = *entry.session->session;
    drop_connection(stream, failure.orderly ? StreamEnd::orderly : StreamEnd::reset);
    session.stream_lost(stream, now);
}

void Node::drop_connection(StreamId stream, StreamEnd how) {
    connections_.erase(stream);
    outputs_.emplace_back(CloseStream{stream, how});
}

void Node::expire_connections(Time now) {
    std::vector<StreamId> late;
    for (const auto& [stream, entry] : connections_) {
        if (now >= entry.deadline) late.push_back(stream);
    }
    for (StreamId stream : late) {
        const Stage stage = connections_.at(stream).connection.stage();
        failed(stream, {stage, "the other side took too long", std::nullopt, true}, now);
    }
}

std::optional<Output> Node::poll() {
    if (outputs_.empty()) return std::nullopt;
    Output out = std::move(outputs_.front());
    outputs_.pop_front();
    return out;
}

std::optional<Time> Node::next_deadline() const {
    if (ended_) return std::nullopt;
    std::optional<Time> out;
    const auto consider = [&out](std::optional<Time> when) {
        if (when) out = out ? std::min(*out, *when) : *when;
    };
    if (reception_) consider(reception_->next_deadline());
    for (const auto& [stream, entry] : connections_) {
        if (entry.deadline != Time::max()) consider(entry.deadline);
    }
    for (const auto& each : sessions_) consider(each->session->next_deadline());
    if (!dial_in_flight_) consider(next_dial_);
    return out;
}

}  // namespace chat
