#include "double_ratchet/peer_efks.hpp"

#include <cassert>

namespace chat {

PeerEfks::PeerEfks(std::unique_ptr<CellVerifier> first, const CellVerifierLoader& loader,
                   std::size_t max_kept)
    : loader_{&loader}, max_kept_{max_kept} {
    assert(max_kept_ > 0);
    const VerificationKeyHash hash = verification_key_hash(first->public_key().view());
    keys_.emplace(0, Key{std::move(first), hash, std::nullopt});
}

const falcon1024::PublicKey* PeerEfks::public_key(u32 index) const {
    for (const Keys* const keys : {&keys_, &retired_}) {
        const auto found = keys->find(index);
        if (found != keys->end()) return &found->second.verifier->public_key();
    }
    return nullptr;
}

std::optional<u64> PeerEfks::end_of(u32 index) const {
    std::optional<u64> end;
    for (auto key = keys_.upper_bound(index); key != keys_.end(); ++key) {
        const std::optional<u64> first = key->second.first_position;
        if (first && (!end || *first < *end)) end = first;
    }
    return end;
}

Result<void, CellError> PeerEfks::verify_cell(u32 index, u64 position, const CellOrigin& origin,
                                              const CellParts& cell) const {
    if (revealed_ && index <= *revealed_) return fail(CellError::efk_revealed);
    if (index > newest_) return fail(CellError::efk_unknown);
    const auto found = keys_.find(index);
    const std::optional<u64> end = end_of(index);
    if (found == keys_.end() || (end && *end < position)) return fail(CellError::efk_too_low);
    const Bytes message = signed_cell_bytes(found->second.hash, origin, cell.header, cell.body);
    if (!found->second.verifier->verify(message, falcon1024::PaddedSignature::from(cell.signature))) {
        return fail(CellError::bad_signature);
    }
    return {};
}

void PeerEfks::accepted(u32 index, u64 position) noexcept {
    std::optional<u64>& first = keys_.find(index)->second.first_position;
    if (!first || position < *first) first = position;
}

Result<u32, CellError> PeerEfks::accept_announcement(const CellOrigin& origin, ByteView content) {
    const auto announcement = EfkAnnouncement::decode(content);
    if (!announcement) return fail(announcement.error());
    if (announcement->index != newest_ + 1) return fail(CellError::efk_announcement_index);
    const auto before = keys_.find(newest_);
    if (before == keys_.end()) return fail(CellError::efk_revealed);
    auto verifier = loader_->load(announcement->public_key);
    if (!verifier) return fail(CellError::efk_announcement_key);
    const Bytes message =
        signed_announcement_bytes(before->second.hash, origin, announcement->index, announcement->public_key);
    if (!before->second.verifier->verify(message, announcement->signature)) {
        return fail(CellError::efk_announcement_signature);
    }
    const VerificationKeyHash hash = verification_key_hash(announcement->public_key.view());
    keys_.emplace(announcement->index, Key{std::move(verifier), hash, std::nullopt});
    newest_ = announcement->index;
    while (keys_.size() > max_kept_) retire(keys_.begin());
    return newest_;
}

void PeerEfks::mark_revealed(u32 index) noexcept {
    if (!revealed_ || index > *revealed_) revealed_ = index;
    for (Keys* const keys : {&keys_, &retired_}) keys->erase(keys->begin(), keys->upper_bound(*revealed_));
}

void PeerEfks::drop_needless(std::optional<u64> lowest_awaited) noexcept {
    for (auto key = keys_.begin(); key != keys_.end();) {
        const auto current = key++;
        const std::optional<u64> end = end_of(current->first);
        if (end && (!lowest_awaited || *lowest_awaited >= *end)) retire(current);
    }
}

/// Moves a node, so that it can't fail.
void PeerEfks::retire(Keys::iterator key) noexcept {
    retired_.insert(keys_.extract(key));
    if (retired_.size() > max_kept_) retired_.erase(retired_.begin());
}

}  // namespace chat
