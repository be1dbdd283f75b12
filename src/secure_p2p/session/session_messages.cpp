/// What a session does with each kind of message, and when one of its own was delivered.

#include "base/utf8.hpp"
#include "secure_p2p/session/session.hpp"

namespace chat {
namespace {

constexpr u32 max_wrong_reveals = 4;

}  // namespace

void Session::handle(ReceivedMessage message, Time now) {
    const ByteView content = message.content.expose();
    if (last_reveal_sent_ && message.type != ContentType::reveal) {
        return refuse(SecurityEventKind::malformed_content, "a message after both sides closed",
                      content.size());
    }
    switch (message.type) {
        case ContentType::greeting: return handle_greeting(content);
        case ContentType::text: return handle_text(std::move(message.content));
        case ContentType::typing: outputs_.emplace_back(Event{PeerTyping{}}); return;
        case ContentType::identity_rotation: return handle_rotation(message);
        case ContentType::close: return handle_close(now);
        case ContentType::reveal: return handle_reveal(content);
        case ContentType::hardware_endorsement: return handle_endorsement(content);
        case ContentType::efk_announcement: {
            const auto accepted = conversation_.cipher().accept_efk_announcement(content);
            if (!accepted)
                refuse(SecurityEventKind::malformed_content, describe(accepted.error()), content.size());
            return;
        }
        case ContentType::acknowledgement:
        case ContentType::heartbeat:
        case ContentType::filler: return;
    }
}

void Session::handle_greeting(ByteView content) {
    const auto greeting = decode_greeting(content);
    if (!greeting)
        return refuse(SecurityEventKind::malformed_content, describe(greeting.error()), content.size());
    if (greeted_) return refuse(SecurityEventKind::malformed_content, "a second greeting", content.size());
    greeted_ = true;
    peer_deniable_ = greeting->deniable;
    peer_name_ = greeting->name;
    outputs_.emplace_back(Event{PeerNamed{peer_name_, greeting->identity_life}});
}

void Session::handle_text(SecretBuffer content) {
    if (!is_utf8(content.expose())) {
        return refuse(SecurityEventKind::malformed_content, "a text that is not valid UTF-8", content.size());
    }
    outputs_.emplace_back(Event{TextReceived{std::move(content)}});
}

void Session::handle_rotation(const ReceivedMessage& message) {
    auto rotated = rotation_.accept(message.content.expose(), message.efk_index, conversation_.cipher());
    if (!rotated) {
        return refuse(SecurityEventKind::malformed_content, describe(rotated.error()),
                      message.content.size());
    }
    outputs_.emplace_back(Event{*rotated});
}

void Session::handle_endorsement(ByteView content) {
    const auto reject = [&](EndorsementRefusal refusal) {
        refuse(SecurityEventKind::endorsement_refused, describe(refusal), content.size());
    };
    const auto endorsement = decode_session_endorsement(content);
    if (!endorsement) {
        const bool first = !peer_endorsement_.spent();
        peer_endorsement_.spend();
        return reject(first ? endorsement.error() : EndorsementRefusal::repeated);
    }
    const auto taken = peer_endorsement_.take(*endorsement, endorsement_statement(Whose::theirs));
    if (!taken) return reject(taken.error());
    outputs_.emplace_back(Event{HardwareBacked{endorsement->kind, endorsement->key}});
}

void Session::handle_close(Time now) {
    if (!std::exchange(peer_closed_, true)) peer_left_first_ = closing_ == Closing::open;
    conversation_.acknowledge_now(now);
    if (closing_ == Closing::open && deniable()) quit(now);
    if (!close_deadline_) close_deadline_ = now + close_patience;
}

void Session::handle_reveal(ByteView content) {
    const auto reject = [&](RevealError error) {
        refuse(SecurityEventKind::malformed_content, describe(error), content.size());
    };
    // Checking one takes a key generation, so a peer that is wrong again and again is not listened to any more.
    if (!deniable() || wrong_reveals_ >= max_wrong_reveals) return reject(RevealError::not_agreed);
    const bool both_closed = peer_closed_ && closing_ == Closing::acknowledged;
    const auto accepted = accept_reveal(content, conversation_.cipher());
    if (!accepted) {
        ++wrong_reveals_;
        return reject(accepted.error());
    }
    if (both_closed) last_reveal_received_ = true;
}

void Session::delivered(const MessageDelivered& message, Time now) {
    switch (message.type) {
        case ContentType::text: outputs_.emplace_back(Event{TextDelivered{message.stream}}); return;
        case ContentType::identity_rotation: outputs_.emplace_back(Event{rotation_.acknowledged()}); return;
        case ContentType::efk_announcement:
            return efk_.acknowledged(conversation_.cipher(), conversation_.outbox().cells_sent(), now);
        case ContentType::close:
            if (closing_ == Closing::asked) closing_ = Closing::acknowledged;
            return;
        default: return;
    }
}

}  // namespace chat
