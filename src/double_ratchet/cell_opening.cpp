#include "double_ratchet/cell_opening.hpp"

#include "double_ratchet/body.hpp"
#include "double_ratchet/chain.hpp"

namespace chat {

Result<Ratchet::OpenDraft, CellError> Ratchet::open(std::span<const u8, cell_size> cell, Time connected_time,
                                                    std::span<u8, body_size> body) const {
    std::fill(body.begin(), body.end(), u8{0});
    return CellOpening{*this, cell, connected_time}.run(body);
}

Result<Ratchet::OpenDraft, CellError> CellOpening::run(std::span<u8, body_size> body) {
    if (ratchet_.replay_.contains(draft_.id_)) return fail(CellError::replay);
    if (const Checked read = read_header(); !read) return fail(read.error());
    const Checked placed = chain_ != nullptr ? place_in_known_chain() : place_in_next_chain();
    if (!placed) return fail(placed.error());
    const CellOrigin origin = ratchet_.origin_of_peer();
    const Checked verified =
        ratchet_.peer_efks_.verify_cell(draft_.efk_index_, draft_.position_, origin, cell_);
    if (!verified) return fail(verified.error());
    if (const Checked derived = derive_key(); !derived) return fail(derived.error());
    const MessageKey<Receiving>& key = kept_ != nullptr ? *kept_ : *derived_;
    if (!open_body(key, origin, cell_.header, cell_.body, body)) return fail(CellError::body_unreadable);
    return std::move(draft_);
}

/// The key of the peer's current chain, then of its next, then of older chains with skipped keys.
CellOpening::Checked CellOpening::read_header() {
    auto chain = ratchet_.receiving_.rbegin();
    const auto end = ratchet_.receiving_.rend();
    u32 epoch = 0;
    if (chain != end && open_with(chain->second.header_key)) {
        chain_ = &chain->second;
        epoch = chain->first;
    } else if (open_with(ratchet_.next_receiving_header_key_)) {
        epoch = ratchet_.next_epoch_of_peer();
    } else {
        if (chain != end) ++chain;
        while (chain != end && !open_with(chain->second.header_key)) ++chain;
        if (chain == end) return fail(CellError::header_unreadable);
        chain_ = &chain->second;
        epoch = chain->first;
    }
    header_ = decode_header(header_bytes_);
    if (header_.index.epoch != epoch) return fail(CellError::wrong_epoch);
    draft_.index_ = header_.index;
    draft_.efk_index_ = header_.efk_index;
    return {};
}

bool CellOpening::open_with(const HeaderKey<Receiving>& key) {
    return open_header(key, ratchet_.origin_of_peer(), cell_.header, header_bytes_);
}

CellOpening::Checked CellOpening::place_in_known_chain() {
    const u32 number = header_.index.number;
    if (header_.chain != chain_->fields) return fail(CellError::chain_fields_changed);
    if (chain_->length && number >= *chain_->length) return fail(CellError::beyond_chain_end);
    draft_.position_ = chain_->base + number;
    if (number >= chain_->next) {
        if (number - chain_->next > ratchet_.limits_.max_skip) return fail(CellError::too_far_ahead);
        return {};
    }
    const SkippedKeys::Entry* const entry = ratchet_.skipped_.find(header_.index, connected_time_);
    if (entry == nullptr) return fail(CellError::message_key_gone);
    kept_ = &entry->key;
    return {};
}

CellOpening::Checked CellOpening::place_in_next_chain() {
    if (!std::holds_alternative<Ratchet::PeerStepDue>(ratchet_.turn_)) return fail(CellError::out_of_turn);
    const u32 max_skip = ratchet_.limits_.max_skip;
    const u32 previous_length = header_.chain.previous_length;
    u32 received = 0;
    u64 base = 0;
    if (ratchet_.receiving_.empty()) {
        if (previous_length != 0) return fail(CellError::previous_length_contradicted);
    } else {
        const ReceivingChain& before = ratchet_.receiving_.rbegin()->second;
        received = before.next;
        base = before.base + previous_length;
    }
    if (previous_length < received) return fail(CellError::previous_length_contradicted);
    if (previous_length - received > max_skip || header_.index.number > max_skip) {
        return fail(CellError::too_far_ahead);
    }
    draft_.position_ = base + header_.index.number;
    return {};
}

CellOpening::Checked CellOpening::derive_key() {
    if (kept_ != nullptr) return {};
    if (chain_ == nullptr) return take_step();
    const CellIndex from{header_.index.epoch, chain_->next};
    const ChainKey<Receiving> key = skip(chain_->key, from, header_.index.number, chain_->base);
    derived_ = message_key(key);
    draft_.advance_.emplace(Ratchet::OpenDraft::Advance{next_chain_key(key), header_.index.number + 1});
    return {};
}

CellOpening::Checked CellOpening::take_step() {
    const auto& own = std::get<Ratchet::PeerStepDue>(ratchet_.turn_).own;
    const ChainFields& fields = header_.chain;
    if (!mlkem1024::check_encapsulation_key(fields.keys.kem)) return fail(CellError::bad_encapsulation_key);
    const auto dh = x25519::agree(own.dh, fields.keys.dh);
    if (!dh) return fail(CellError::all_zero_dh);
    const MlKem1024SharedSecret kem = mlkem1024::decapsulate(own.kem, fields.ciphertext);
    auto step = root_step<Receiving>(ratchet_.root_, *dh, kem);

    if (!ratchet_.receiving_.empty()) {
        const auto& [epoch, before] = *ratchet_.receiving_.rbegin();
        (void)skip(before.key, {epoch, before.next}, fields.previous_length, before.base);
    }
    const CellIndex index = header_.index;
    const u64 base = draft_.position_ - index.number;
    const ChainKey<Receiving> first = begin_chain(step.chain_secret, other(ratchet_.role_));
    const ChainKey<Receiving> key = skip(first, {index.epoch, 0}, index.number, base);
    derived_ = message_key(key);
    ReceivingChain chain{
        ratchet_.next_receiving_header_key_.clone(), next_chain_key(key), fields, base, index.number + 1, {}};
    draft_.step_.emplace(Ratchet::PeerStep{std::move(step.root),
                                           std::move(step.next_header_key),
                                           std::move(step.application_secret),
                                           fields,
                                           {}});
    draft_.step_->begun.emplace(index.epoch, std::move(chain));
    return {};
}

ChainKey<Receiving> CellOpening::skip(const ChainKey<Receiving>& key, CellIndex from, u32 to, u64 base) {
    ChainKey<Receiving> current = key.clone();
    for (CellIndex index = from; index.number < to; ++index.number) {
        draft_.skipped_.try_emplace(
            index, SkippedKeys::Entry{message_key(current), base + index.number, connected_time_});
        current = next_chain_key(current);
    }
    return current;
}

}  // namespace chat
