#include "secure_p2p/conversation/inbox.hpp"

namespace chat {

std::string_view describe(AssemblyError error) {
    switch (error) {
        case AssemblyError::unexpected_fragment:
            return "a fragment does not continue the message that has begun";
        case AssemblyError::short_fragment: return "a fragment in the middle of a message is not full";
        case AssemblyError::too_long: return "a text is longer than 64 KiB";
        case AssemblyError::mixed_signing_keys:
            return "the fragments of one message have different signing keys";
    }
    return "";
}

Result<void, AssemblyError> Inbox::check(const CellContent& fragment, u32 efk_index) const {
    const ContentHeader& header = fragment.header;
    const bool last = header.fragment_index + 1 == header.fragment_count;
    if (!partial_ && header.fragment_index != 0) return fail(AssemblyError::unexpected_fragment);
    if (partial_) {
        const bool continues =
            header.type == partial_->message.type && header.stream == partial_->message.stream &&
            header.fragment_count == partial_->count && header.fragment_index == partial_->next;
        if (!continues) return fail(AssemblyError::unexpected_fragment);
        if (efk_index != partial_->message.efk_index) return fail(AssemblyError::mixed_signing_keys);
    }
    if (!last && fragment.content.size() != max_content) return fail(AssemblyError::short_fragment);
    const std::size_t before = header.fragment_index * max_content;
    if (header.type == ContentType::text && before + fragment.content.size() > max_text) {
        return fail(AssemblyError::too_long);
    }
    return {};
}

Result<std::optional<ReceivedMessage>, AssemblyError> Inbox::accept(CellContent fragment, u32 efk_index) {
    if (const auto checked = check(fragment, efk_index); !checked) {
        partial_.reset();
        return fail(checked.error());
    }
    const ContentHeader& header = fragment.header;
    if (header.fragment_count == 1) {
        return std::optional{
            ReceivedMessage{header.type, header.stream, efk_index, std::move(fragment.content)}};
    }
    if (!partial_) {
        partial_.emplace();
        partial_->message = {header.type, header.stream, efk_index,
                             SecretBuffer{header.fragment_count * max_content}};
        partial_->count = header.fragment_count;
    }
    const ByteView piece = fragment.content.expose();
    std::copy(piece.begin(), piece.end(),
              partial_->message.content.expose_mutable().subspan(partial_->filled).begin());
    partial_->filled += piece.size();
    if (++partial_->next < partial_->count) return std::optional<ReceivedMessage>{};
    ReceivedMessage whole = std::move(partial_->message);
    whole.content = SecretBuffer::copy_of(whole.content.expose().first(partial_->filled));
    partial_.reset();
    return std::optional{std::move(whole)};
}

}  // namespace chat
