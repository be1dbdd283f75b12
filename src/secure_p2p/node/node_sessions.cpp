#include <algorithm>

#include "secure_p2p/node/make_session.hpp"
#include "secure_p2p/node/node.hpp"

namespace chat {

void Node::agreed(StreamId stream, Entry& entry, Agreement agreement, Time now) {
    if (reception_ && vacancy() == Reception::Vacancy::taken) {
        if (reception_->offer(*entry.secret_id) == nullptr) say(SpentInviteTried{});
        entry.connection.refuse();
        static_cast<void>(drain(stream, now));
        return drop_connection(stream, StreamEnd::orderly);
    }
    auto created = std::make_unique<ActiveSession>();
    ActiveSession& active_session = *created;
    verification_ = verification_of(agreement.established.assurance);
    const PeerIdentified identified = identify_peer(agreement.established);
    active_session.resume_secret =
        derive_resume_secret(agreement.established.session_id, agreement.bootstrap_secret);
    if (reception_) {
        if (const auto id = reception_->offer_resume(active_session.resume_secret, Role::b))
            active_session.resume_id = *id;
        reception_->agreed(*entry.secret_id, now);
        if (entry.guess_under_way) guesses_.succeeded();
        entry.guess_under_way = false;
    }
    active_session.session = make_session(std::move(agreement), options_, rng_, supply_, log_, now);
    entry.session = &active_session;
    entry.deadline = Time::max();
    sessions_.push_back(std::move(created));
    say(identified);
    active_session.session->begin(stream, now);
}

void Node::secured_for_resume(StreamId stream, Entry& entry, const TlsExporter& exporter, Time now) {
    ActiveSession* target = active();
    for (const auto& each : sessions_) {
        if (entry.secret_id && each->resume_id == entry.secret_id) target = each.get();
    }
    if (target == nullptr) return drop_connection(stream, StreamEnd::reset);
    entry.session = target;
    entry.deadline = Time::max();
    target->session->stream_secured(stream, exporter, now);
}

bool Node::drain_sessions(Time now) {
    bool moved = false;
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
        while (auto output = sessions_[i]->superseded ? std::nullopt : sessions_[i]->session->poll()) {
            moved = true;
            handle_session(*sessions_[i], std::move(*output), now);
        }
    }
    std::erase_if(sessions_, [](const auto& each) { return each->session->ended() || each->superseded; });
    return moved;
}

void Node::handle_session(ActiveSession& active_session, Session::Output output, Time now) {
    if (auto* frame = std::get_if<Session::SendFrame>(&output)) {
        const auto found = connections_.find(frame->stream);
        if (found != connections_.end()) found->second.connection.send(frame->kind, frame->body);
    } else if (const auto* stream_end = std::get_if<Session::EndStream>(&output)) {
        const auto found = connections_.find(stream_end->stream);
        if (found == connections_.end()) return;
        found->second.session = nullptr;
        if (stream_end->how == StreamEnd::orderly) found->second.connection.close();
        static_cast<void>(drain(stream_end->stream, now));
        drop_connection(stream_end->stream, stream_end->how);
    } else if (auto* event = std::get_if<Event>(&output)) {
        if (std::holds_alternative<Connected>(*event)) session_confirmed(active_session);
        if (std::holds_alternative<Resumed>(*event)) {
            ++resumptions_;
            backoff_.reset();
        }
        if (const auto* backed = std::get_if<HardwareBacked>(&*event)) peer_hardware_ = *backed;
        const auto* rotated = std::get_if<IdentityRotated>(&*event);
        if (rotated != nullptr && rotated->whose == Whose::theirs) peer_hardware_.reset();
        const bool over = std::holds_alternative<SessionEnded>(*event);
        say(std::move(*event));
        if (over) session_ended(active_session);
    }
}

/// B's first cell decides which of A's half-made sessions is the session (docs/protocol.md 5.5 and 10).
void Node::session_confirmed(ActiveSession& active_session) {
    backoff_.reset();
    failed_handshakes_ = 0;
    if (!guest_) return;
    guest_->forget_invite();
    std::vector<StreamId> others;
    for (const auto& [stream, entry] : connections_) {
        if (entry.session != &active_session) others.push_back(stream);
    }
    for (StreamId stream : others) drop_connection(stream, StreamEnd::reset);
    for (const auto& each : sessions_) each->superseded = each.get() != &active_session;
}

void Node::session_ended(ActiveSession& active_session) {
    if (active_session.resume_id) reception_->withdraw_resume(*active_session.resume_id);
    for (auto& [stream, entry] : connections_) {
        if (entry.session == &active_session) entry.session = nullptr;
    }
    verification_.reset();
    peer_hardware_.reset();
    monitor_.forget_peer();
    if (reception_ && reception_->has_offers()) return;
    ended_ = true;
    while (!connections_.empty()) drop_connection(connections_.begin()->first, StreamEnd::reset);
}

Node::ActiveSession* Node::active() const {
    const auto confirmed =
        std::ranges::find_if(sessions_, [](const auto& each) { return each->session->confirmed(); });
    if (confirmed != sessions_.end()) return confirmed->get();
    return sessions_.empty() ? nullptr : sessions_.back().get();
}

Reception::Vacancy Node::vacancy() const {
    return sessions_.empty() ? Reception::Vacancy::free : Reception::Vacancy::taken;
}

Fingerprint Node::fingerprint() const {
    const ActiveSession* const current = active();
    return chat::fingerprint(
        (current != nullptr ? current->session->own_identity() : identity_)->public_identity());
}

NodeStatus Node::status() const {
    NodeStatus out;
    out.resumptions = resumptions_;
    out.next_dial = dial_in_flight_ ? std::nullopt : next_dial_;
    if (reception_) out.held = reception_->held();
    const ActiveSession* const current = active();
    if (ended_) {
        out.link = LinkState::ended;
    } else if (current != nullptr && current->session->confirmed()) {
        out.link = current->session->online() ? LinkState::online : LinkState::lost;
    } else if (connecting() || current != nullptr) {
        out.link = LinkState::handshaking;
    } else {
        out.link = guest_ ? LinkState::dialling : LinkState::waiting;
    }
    if (current == nullptr) return out;
    const Conversation& conversation = current->session->conversation();
    out.verification = verification_;
    out.peer_hardware = peer_hardware_;
    out.peer_name = current->session->peer_name();
    out.peer_fingerprint = chat::fingerprint(current->session->peer_identity());
    out.cells_sent = conversation.outbox().cells_sent();
    out.cells_received = conversation.accepted();
    out.unacknowledged = conversation.outbox().unacknowledged();
    out.queued = conversation.outbox().unconfirmed_texts().size();
    out.epoch = conversation.cipher().status().epoch;
    return out;
}

}  // namespace chat
