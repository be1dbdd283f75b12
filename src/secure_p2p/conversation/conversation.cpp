#include "secure_p2p/conversation/conversation.hpp"

#include <cassert>

namespace chat {
namespace {

SecurityEventKind kind_of(CellError error) {
    if (error == CellError::replay) return SecurityEventKind::replay;
    return error == CellError::out_of_sequence ? SecurityEventKind::gap : SecurityEventKind::cell_refused;
}

}  // namespace

Conversation::Conversation(CellCipher cipher, Rng& rng, std::optional<u32> cover_cells_per_second)
    : cipher_{std::move(cipher)}, rng_{rng} {
    if (cover_cells_per_second) {
        cover_interval_ =
            std::chrono::duration_cast<Duration>(std::chrono::seconds{1}) / *cover_cells_per_second;
    }
}

std::optional<u32> Conversation::enqueue(ContentType type, SecretBuffer content, Outbox::Priority priority,
                                         Time now) {
    const auto stream = outbox_.enqueue(type, std::move(content), priority);
    pump(now);
    return stream;
}

bool Conversation::go_online(u64 peer_acknowledged, Time now) {
    if (!take_acknowledgement(peer_acknowledged, now)) return false;
    online_ = true;
    unusable_ = false;
    online_since_ = last_heard_ = now;
    stalled_since_.reset();
    schedule_heartbeat(now);
    next_cover_ = now;
    for (std::size_t i = 0; i < outbox_.unacknowledged(); ++i) {
        outputs_.emplace_back(SendCell{outbox_.unacknowledged_cell(i)});
    }
    pump(now);
    return true;
}

void Conversation::go_offline(Time now) {
    if (!online_) return;
    connected_before_ += now - online_since_;
    online_ = false;
    std::erase_if(outputs_,
                  [](const ConversationOutput& out) { return std::holds_alternative<SendCell>(out); });
}

Time Conversation::connected_time(Time now) const {
    return Time{connected_before_ + (online_ ? now - online_since_ : Duration{})};
}

void Conversation::receive_cell(std::span<const u8, cell_size> bytes, Time now) {
    if (!online_) return;
    if (acknowledgements_.peer_window_full()) {
        report(SecurityEventKind::flood, "more cells than the window allows", bytes.size());
        return become_unusable(LostReason::gap);
    }
    const auto opened = cipher_.open_next(bytes, connected_time(now));
    if (!opened) {
        report(kind_of(opened.error()), describe(opened.error()), bytes.size());
        if (opened.error() == CellError::out_of_sequence) become_unusable(LostReason::gap);
        return;
    }
    last_heard_ = now;
    handle_content(*opened, bytes.size(), now);
    pump(now);
}

void Conversation::handle_content(const CellCipher::Opened& opened, std::size_t size, Time now) {
    auto content = decode_content(opened.inner);
    acknowledgements_.accepted(content ? content->header.type : ContentType::heartbeat, rng_, now);
    if (!content) return report(SecurityEventKind::malformed_content, describe(content.error()), size);
    if (!take_acknowledgement(content->header.acknowledged, now)) {
        return report(SecurityEventKind::acknowledged_too_much, "the peer acknowledged more than was sent",
                      size);
    }
    switch (content->header.type) {
        case ContentType::acknowledgement:
        case ContentType::heartbeat:
        case ContentType::filler: return;
        default: break;
    }
    auto message = inbox_.accept(std::move(*content), opened.efk_index);
    if (!message) return report(SecurityEventKind::malformed_content, describe(message.error()), size);
    if (*message) outputs_.emplace_back(std::move(**message));
}

bool Conversation::take_acknowledgement(u64 count, Time now) {
    const u64 before = outbox_.acknowledged();
    const auto delivered = outbox_.acknowledge(count);
    if (!delivered) return false;
    if (outbox_.acknowledged() != before) stalled_since_.reset();
    if (!stalled_since_ && outbox_.unacknowledged() > 0 && !room_for_content()) stalled_since_ = now;
    for (const auto& message : *delivered)
        outputs_.emplace_back(MessageDelivered{message.type, message.stream});
    return true;
}

void Conversation::tick(Time now) {
    if (!online_) return;
    if (now >= last_heard_ + silence_limit) return become_unusable(LostReason::silent);
    if (stalled_since_ && now >= *stalled_since_ + silence_limit) return become_unusable(LostReason::stalled);
    if (!cover_interval_ && now >= next_heartbeat_ && cipher_.can_seal() && room_for_control()) {
        schedule_heartbeat(now);
        send_single(ContentType::heartbeat, now);
    }
    pump(now);
}

void Conversation::acknowledge_now(Time now) {
    acknowledgements_.demand(now);
    pump(now);
}

void Conversation::pump(Time now) {
    if (!online_ || unusable_ || !cipher_.can_seal()) return;
    if (cover_interval_) return pump_at_cover_rate(now);
    std::size_t sealed = 0;
    while (sealed < seal_batch && room_for_content()) {
        const auto fragment = outbox_.next_fragment();
        if (!fragment) break;
        send_fragment(*fragment, now);
        ++sealed;
    }
    batch_full_ = sealed == seal_batch;
    const auto due = acknowledgements_.due();
    if (due && now >= *due && room_for_control()) send_single(ContentType::acknowledgement, now);
}

void Conversation::pump_at_cover_rate(Time now) {
    while (now >= next_cover_) {
        next_cover_ += *cover_interval_;
        if (!room_for_control()) continue;
        const auto fragment = room_for_content() ? outbox_.next_fragment() : std::nullopt;
        if (fragment) {
            send_fragment(*fragment, now);
        } else {
            send_single(acknowledgements_.due() ? ContentType::acknowledgement : ContentType::filler, now);
        }
    }
}

void Conversation::send_fragment(const Outbox::Fragment& fragment, Time now) {
    const Cell cell = seal(fragment.header, fragment.content);
    outbox_.pop_fragment(cell);
    if (!room_for_content() && !stalled_since_) stalled_since_ = now;
    outputs_.emplace_back(SendCell{cell});
}

void Conversation::send_single(ContentType type, Time now) {
    const Cell cell = seal(ContentHeader{type}, {});
    outbox_.sent_single(cell, type);
    if (!room_for_content() && !stalled_since_) stalled_since_ = now;
    outputs_.emplace_back(SendCell{cell});
}

Cell Conversation::seal(const ContentHeader& header, ByteView content) {
    ContentHeader full = header;
    full.acknowledged = acknowledgements_.count();
    const WipeOnExit wipe{record_.expose_mutable()};
    encode_content(full, content, rng_, record_.expose_mutable());
    auto sealed = cipher_.seal(record_.expose(), rng_);
    assert(sealed.position == outbox_.cells_sent());
    acknowledgements_.told();
    return sealed.cell;
}

void Conversation::report(SecurityEventKind kind, std::string_view reason, std::size_t size) {
    outputs_.emplace_back(SecurityEvent{kind, std::string{reason}, size});
}

void Conversation::become_unusable(LostReason reason) {
    if (unusable_) return;
    unusable_ = true;
    outputs_.emplace_back(Unusable{reason});
}

void Conversation::schedule_heartbeat(Time now) {
    const auto spread = static_cast<u64>(2 * std::chrono::duration_cast<Duration>(heartbeat_jitter).count());
    next_heartbeat_ = now + heartbeat_interval - heartbeat_jitter +
                      Duration{static_cast<Duration::rep>(rng_.below(spread + 1))};
}

std::optional<ConversationOutput> Conversation::poll() {
    if (outputs_.empty()) return std::nullopt;
    ConversationOutput out = std::move(outputs_.front());
    outputs_.pop_front();
    return out;
}

std::optional<Time> Conversation::next_deadline() const {
    if (!online_ || unusable_) return std::nullopt;
    Time out = last_heard_ + silence_limit;
    const auto consider = [&out](std::optional<Time> when) {
        if (when) out = std::min(out, *when);
    };
    if (stalled_since_) consider(*stalled_since_ + silence_limit);
    if (!cipher_.can_seal()) return out;
    if (cover_interval_) {
        consider(next_cover_);
        return out;
    }
    if (!room_for_control()) return out;
    consider(next_heartbeat_);
    consider(acknowledgements_.due());
    if (batch_full_ && room_for_content()) consider(online_since_);
    return out;
}

}  // namespace chat
