#include "secure_p2p/conversation/outbox.hpp"

#include <cassert>

namespace chat {

u16 Outbox::Message::fragment_count() const {
    const std::size_t count = (content.size() + max_content - 1) / max_content;
    return static_cast<u16>(count == 0 ? 1 : count);
}

std::optional<u32> Outbox::enqueue(ContentType type, SecretBuffer content, Priority priority) {
    assert(content.size() <= max_fragments * max_content);
    const bool full =
        queued_messages() >= max_queued_messages || queued_bytes_ + content.size() > max_queued_bytes;
    if (full && priority == Priority::normal) return std::nullopt;
    queued_bytes_ += content.size();
    auto& queue = priority == Priority::urgent ? urgent_ : normal_;
    queue.push_back(Message{type, next_stream_, std::move(content)});
    return next_stream_++;
}

std::optional<Outbox::Fragment> Outbox::next_fragment() {
    if (!sealing_) {
        auto& queue = urgent_.empty() ? normal_ : urgent_;
        if (queue.empty()) return std::nullopt;
        sealing_ = std::move(queue.front());
        queue.pop_front();
    }
    const std::size_t begin = sealing_->sealed_fragments * max_content;
    const ByteView content = sealing_->content.expose();
    Fragment out;
    out.header.type = sealing_->type;
    out.header.stream = sealing_->stream;
    out.header.fragment_index = sealing_->sealed_fragments;
    out.header.fragment_count = sealing_->fragment_count();
    out.content = content.subspan(begin, std::min(max_content, content.size() - begin));
    return out;
}

void Outbox::pop_fragment(const Cell& cell) {
    assert(sealing_);
    ++sealing_->sealed_fragments;
    const bool done = sealing_->sealed_fragments == sealing_->fragment_count();
    unacknowledged_.push_back(SentCell{cell, sealing_->type, sealing_->stream, done});
    if (!done) return;
    queued_bytes_ -= sealing_->content.size();
    sealing_.reset();
}

void Outbox::sent_single(const Cell& cell, ContentType type) {
    unacknowledged_.push_back(SentCell{cell, type, 0, false});
}

std::optional<std::vector<Outbox::Delivered>> Outbox::acknowledge(u64 count) {
    if (count > cells_sent()) return std::nullopt;
    std::vector<Delivered> delivered;
    while (acknowledged_ < count) {
        const SentCell& first = unacknowledged_.front();
        if (first.completes_message) delivered.push_back({first.type, first.stream});
        unacknowledged_.pop_front();
        ++acknowledged_;
    }
    return delivered;
}

std::vector<u32> Outbox::unconfirmed_texts() const {
    std::vector<u32> out;
    for (const SentCell& sent : unacknowledged_) {
        if (sent.type == ContentType::text && sent.completes_message) out.push_back(sent.stream);
    }
    if (sealing_ && sealing_->type == ContentType::text) out.push_back(sealing_->stream);
    for (const Message& message : normal_) {
        if (message.type == ContentType::text) out.push_back(message.stream);
    }
    return out;
}

}  // namespace chat
