#include "secure_p2p/session/session.hpp"

#include "base/utf8.hpp"

namespace chat {
namespace {

constexpr Duration typing_pause = std::chrono::seconds{3};

template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

Session::Session(Inputs inputs, const NodeOptions& options, Rng& rng, SessionKeySupply& supply, Time now)
    : role_{inputs.role},
      session_id_{inputs.session_id},
      options_{options},
      rng_{rng},
      supply_{supply},
      log_{inputs.ciphertext_log},
      conversation_{std::move(inputs.cipher), rng, options.cover_cells_per_second},
      resumption_{inputs.role, std::move(inputs.resume_frames), rng},
      efk_{std::move(inputs.first_efk_seed), now},
      rotation_{inputs.role,          inputs.session_id,         std::move(inputs.own_identity),
                inputs.peer_identity, options.rotation_interval, now},
      offline_since_{now} {
    enqueue_control(ContentType::greeting,
                    encode(Greeting{options.deniable, options.identity_life, options.name}), now);
}

void Session::begin(StreamId stream, Time now) {
    resumption_.begin(stream);
    offline_since_.reset();
    if (role_ == Role::a && options_.rotation_interval != Duration{})
        planned_reconnect_ = now + options_.rotation_interval;
    static_cast<void>(conversation_.go_online(0, now));
    settle(now);
}

void Session::stream_secured(StreamId stream, const TlsExporter& exporter, Time now) {
    resumption_.stream_secured(stream, exporter, conversation_.accepted(), now);
    settle(now);
}

void Session::receive(StreamId stream, FrameKind kind, ByteView body, Time now) {
    if (kind == FrameKind::cell) log_.arriving(Ciphertext::cell, body.size());
    if (kind == FrameKind::resume) log_.arriving(Ciphertext::resume_frame, body.size());
    if (ended_) return;
    if (kind == FrameKind::cell && resumption_.current() == stream) {
        conversation_.receive_cell(body.first<cell_size>(), now);
    } else if (kind == FrameKind::resume) {
        const auto accepted =
            resumption_.receive(stream, body, conversation_.accepted(), conversation_.outbox().cells_sent());
        if (!accepted) {
            refuse(SecurityEventKind::resume_frame_refused, describe(accepted.error()), body.size());
            if (resumption_.current() != stream) {
                resumption_.stream_lost(stream);
                outputs_.emplace_back(EndStream{stream, StreamEnd::reset});
            }
        }
    } else {
        refuse(SecurityEventKind::frame_refused, name_of(kind), body.size());
    }
    settle(now);
}

void Session::stream_lost(StreamId stream, Time now) {
    resumption_.stream_lost(stream);
    settle(now);
}

void Session::tick(Time now) {
    if (ended_) return;
    resumption_.tick(now);
    conversation_.tick(now);
    settle(now);
    if (close_deadline_ && now >= *close_deadline_) {
        return abandon(peer_left_first_ ? EndReason::peer_closed : EndReason::we_closed, {});
    }
    if (offline_since_ && now >= *offline_since_ + options_.resume_for)
        return abandon(EndReason::resume_time_over, {});
}

void Session::settle(Time now) {
    if (ended_) return;
    start_due_controls(now);
    if (ended_) return;
    settle_resumption(now);
    settle_conversation(now);
    settle_resumption(now);
    finish_if_closed(now);
}

void Session::settle_resumption(Time now) {
    const Overloaded handler{
        [&](const Resumption::SendFrame& send) {
            conversation_.told_acknowledgement();
            outputs_.emplace_back(SendFrame{
                send.stream, FrameKind::resume, {send.frame.bytes.begin(), send.frame.bytes.end()}});
        },
        [&](const Resumption::Drop& drop) {
            outputs_.emplace_back(EndStream{drop.stream, StreamEnd::reset});
        },
        [&](const Resumption::Offline&) {
            go_offline(resumption_.pending() ? LostReason::replaced : LostReason::stream_ended, now);
        },
        [&](const Resumption::Online& online) {
            offline_since_.reset();
            static_cast<void>(conversation_.go_online(online.peer_acknowledged, now));
            if (announced_loss_ != LostReason::replaced) outputs_.emplace_back(Event{Resumed{}});
            announced_loss_.reset();
        }};
    while (auto action = resumption_.poll()) std::visit(handler, *action);
}

void Session::go_offline(LostReason reason, Time now) {
    if (!conversation_.online()) return;
    conversation_.go_offline(now);
    offline_since_ = now;
    announced_loss_ = reason;
    if (reason != LostReason::replaced) outputs_.emplace_back(Event{ConnectionLost{reason}});
}

void Session::settle_conversation(Time now) {
    const Overloaded handler{
        [&](const SendCell& send) {
            if (const auto stream = resumption_.current()) {
                outputs_.emplace_back(
                    SendFrame{*stream, FrameKind::cell, {send.cell.bytes.begin(), send.cell.bytes.end()}});
            }
        },
        [&](ReceivedMessage& message) { handle(std::move(message), now); },
        [&](const MessageDelivered& message) { delivered(message, now); },
        [&](const Unusable& unusable) {
            const auto stream = resumption_.current();
            if (!stream) return;
            go_offline(unusable.reason, now);
            resumption_.stream_lost(*stream);
            outputs_.emplace_back(EndStream{*stream, StreamEnd::reset});
        },
        [&](SecurityEvent& event) { outputs_.emplace_back(Event{std::move(event)}); }};
    while (auto output = conversation_.poll()) {
        std::visit(handler, *output);
        if (ended_) return;
    }
    if (!confirmed_ && conversation_.accepted() > 0) confirm();
}

void Session::confirm() {
    confirmed_ = true;
    outputs_.emplace_back(Event{StageReached{Stage::conversation, conversation_facts()}});
    outputs_.emplace_back(Event{Connected{}});
    if (options_.hardware_backed) {
        outputs_.emplace_back(Event{EndorsementWanted{endorsement_statement(Whose::ours)}});
    }
}

/// The receiver knows every field itself, so none but the key travels.
HardwareEndorsement Session::endorsement_statement(Whose whose) const {
    const bool ours = whose == Whose::ours;
    return {ours ? role_ : other(role_), session_id_,
            fingerprint(ours ? rotation_.own()->public_identity() : rotation_.peer())};
}

std::vector<Fact> Session::conversation_facts() const {
    const CellCipher::Status status = conversation_.cipher().status();
    return {{"ratchet", std::to_string(status.epoch) + (status.epoch == 1 ? " step" : " steps") +
                            " taken, each with X25519 and ML-KEM-1024"},
            {"received", std::to_string(status.cells_opened) +
                             (status.cells_opened == 1 ? " cell of " : " cells of ") +
                             std::to_string(cell_size) + " bytes, signature verified, opened in both layers"},
            {"signing key",
             "number " + std::to_string(conversation_.cipher().own_efk_index()) + ", FALCON-1024"}};
}

void Session::start_due_controls(Time now) {
    if (!conversation_.online() || !confirmed_ || closing_ != Closing::open) return;
    CellCipher& cipher = conversation_.cipher();
    if (deniable()) {
        while (auto reveal = efk_.take_reveal(conversation_.outbox().acknowledged())) {
            enqueue_control(ContentType::reveal, std::move(*reveal), now);
        }
    }
    // The cells of a rotation message are signed by the key that stands in it, so neither begins while the other is under way.
    if (!rotation_.under_way() && efk_.due(cipher, now)) {
        return enqueue_control(ContentType::efk_announcement, efk_.announce(cipher, supply_, rng_), now);
    }
    if (cipher.efk_announced() || !rotation_.due(now)) return;
    auto content = rotation_.begin(cipher, supply_, now);
    if (!content) return abandon(EndReason::identity_keys_lost, std::string{describe(content.error())});
    if (*content) enqueue_control(ContentType::identity_rotation, std::move(**content), now);
}

void Session::enqueue_control(ContentType type, SecretBuffer content, Time now) {
    static_cast<void>(conversation_.enqueue(type, std::move(content), Outbox::Priority::urgent, now));
}

void Session::finish_if_closed(Time now) {
    if (ended_ || (!peer_closed_ && closing_ == Closing::open)) return;
    if (deniable()) return reveal_and_finish(now);
    if (peer_closed_) return abandon(EndReason::peer_closed, {});
    if (closing_ == Closing::acknowledged) abandon(EndReason::we_closed, {});
}

void Session::reveal_and_finish(Time now) {
    if (!peer_closed_ || closing_ != Closing::acknowledged) return;
    if (!last_reveal_sent_) {
        last_reveal_sent_ = true;
        enqueue_control(ContentType::reveal, efk_.take_last_reveal(conversation_.cipher()), now);
        settle_conversation(now);
    }
    if (last_reveal_received_) abandon(peer_left_first_ ? EndReason::peer_closed : EndReason::we_closed, {});
}

Result<MessageId, SendError> Session::send_text(ByteView utf8, Time now) {
    if (ended_) return fail(SendError::no_session);
    if (closing_ != Closing::open || peer_closed_) return fail(SendError::closing);
    if (utf8.size() > max_text) return fail(SendError::too_long);
    if (!is_utf8(utf8)) return fail(SendError::not_utf8);
    const auto id =
        conversation_.enqueue(ContentType::text, SecretBuffer::copy_of(utf8), Outbox::Priority::normal, now);
    if (!id) return fail(SendError::queue_full);
    settle(now);
    return *id;
}

void Session::typing(Time now) {
    if (ended_ || !confirmed_ || !conversation_.online() || now < last_typing_ + typing_pause) return;
    last_typing_ = now;
    static_cast<void>(conversation_.enqueue(ContentType::typing, {}, Outbox::Priority::normal, now));
    settle(now);
}

void Session::rotate_identity(Time now) {
    rotation_.request();
    settle(now);
}

Result<void, EndorsementRefusal> Session::endorse(const Endorsement& endorsement, Time now) {
    if (ended_ || !confirmed_ || closing_ != Closing::open) return fail(EndorsementRefusal::no_session);
    if (auto taken = own_endorsement_.take(endorsement, endorsement_statement(Whose::ours)); !taken)
        return taken;
    enqueue_control(ContentType::hardware_endorsement, encode(endorsement), now);
    settle(now);
    return {};
}

void Session::quit(Time now) {
    if (ended_ || closing_ != Closing::open) return;
    if (!conversation_.online()) return abandon(EndReason::we_closed, {});
    closing_ = Closing::asked;
    close_deadline_ = now + close_patience;
    static_cast<void>(conversation_.enqueue(ContentType::close, {}, Outbox::Priority::normal, now));
    settle(now);
}

void Session::abandon(EndReason reason, std::string detail) {
    if (ended_) return;
    ended_ = true;
    for (StreamId stream : resumption_.streams()) {
        resumption_.stream_lost(stream);
        outputs_.emplace_back(EndStream{stream, StreamEnd::orderly});
    }
    outputs_.emplace_back(
        Event{SessionEnded{reason, std::move(detail), conversation_.outbox().unconfirmed_texts()}});
}

void Session::stop(EndReason reason, std::string detail, Time now) {
    const bool can_say = !ended_ && confirmed_ && conversation_.online() && closing_ == Closing::open;
    if (can_say) {
        enqueue_control(ContentType::close, {}, now);
        settle_conversation(now);
    }
    abandon(reason, std::move(detail));
}

void Session::refuse(SecurityEventKind kind, std::string_view reason, std::size_t size) {
    outputs_.emplace_back(Event{SecurityEvent{kind, std::string{reason}, size}});
}

bool Session::take_planned_reconnect(Time now) {
    if (!planned_reconnect_ || now < *planned_reconnect_ || !online() || ended_) return false;
    planned_reconnect_ = now + options_.rotation_interval;
    return true;
}

std::optional<Session::Output> Session::poll() {
    if (outputs_.empty()) return std::nullopt;
    Output out = std::move(outputs_.front());
    outputs_.pop_front();
    return out;
}

std::optional<Time> Session::next_deadline() const {
    if (ended_) return std::nullopt;
    std::optional<Time> out;
    const auto consider = [&out](std::optional<Time> when) {
        if (when) out = out ? std::min(*out, *when) : *when;
    };
    consider(conversation_.next_deadline());
    consider(resumption_.next_deadline());
    consider(close_deadline_);
    if (offline_since_) consider(*offline_since_ + options_.resume_for);
    if (conversation_.online() && confirmed_ && closing_ == Closing::open) {
        if (!conversation_.cipher().efk_announced() && !rotation_.under_way()) {
            consider(rotation_.due_time());
            consider(efk_.due_time());
        }
        consider(planned_reconnect_);
    }
    return out;
}

}  // namespace chat
