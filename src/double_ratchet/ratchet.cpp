#include "double_ratchet/ratchet.hpp"

#include <cassert>

namespace chat {

Ratchet Ratchet::start_a(Inputs inputs, const RatchetPublicKeys& first_keys_of_b) {
    return {Role::a, std::move(inputs), OwnStepDue{first_keys_of_b}};
}

Ratchet Ratchet::start_b(Inputs inputs, RatchetPair first_keys) {
    OwnPrivateKeys own{std::move(first_keys.dh.private_key), std::move(first_keys.kem.seed)};
    return {Role::b, std::move(inputs), PeerStepDue{std::move(own), std::nullopt}};
}

Ratchet::Ratchet(Role role, Inputs inputs, Turn turn)
    : role_{role},
      session_id_{inputs.session_id},
      limits_{inputs.limits},
      observer_{inputs.observer},
      root_{initial_root(inputs.root_key)},
      next_sending_header_key_{first_header_key<Sending>(inputs.root_key, role)},
      next_receiving_header_key_{first_header_key<Receiving>(inputs.root_key, other(role))},
      turn_{std::move(turn)},
      skipped_{inputs.limits},
      replay_{inputs.limits.replay_window},
      own_efk_{std::move(inputs.own_signer)},
      peer_efks_{std::move(inputs.peer_verifier), inputs.verifier_loader, inputs.limits.max_peer_efks} {}

EfkAnnouncementBytes Ratchet::announce_efk(std::unique_ptr<CellSigner> next, Rng& rng) {
    return own_efk_.announce(origin_of_own(), std::move(next), rng);
}

Result<u32, CellError> Ratchet::accept_efk_announcement(ByteView content) {
    return peer_efks_.accept_announcement(origin_of_peer(), content);
}

void Ratchet::commit(SealDraft draft) noexcept {
    if (draft.step_) {
        SealDraft::Step& step = *draft.step_;
        root_ = std::move(step.root);
        ++epoch_;
        next_sending_header_key_ = std::move(step.next_header_key);
        turn_ = PeerStepDue{std::move(step.own), std::move(step.chain)};
        skipped_.drop_before(epoch_);
        forget_needless();
    }
    SendingChain& chain = *std::get<PeerStepDue>(turn_).sending;
    chain.key = std::move(draft.next_key_);
    ++chain.next.number;
    ++cells_sealed_;
    own_efk_.count_cell();
}

void Ratchet::commit(OpenDraft draft, Time connected_time) noexcept {
    replay_.add(draft.id_);
    if (draft.step_) {
        commit_peer_step(std::move(*draft.step_));
    } else if (draft.advance_) {
        ReceivingChain& chain = receiving_.rbegin()->second;
        chain.key = std::move(draft.advance_->key);
        chain.next = draft.advance_->next;
    } else {
        skipped_.remove(draft.index_);
    }
    skipped_.add(std::move(draft.skipped_));
    peer_efks_.accepted(draft.efk_index_, draft.position_);
    ++cells_opened_;
    skipped_.drop_before(epoch_);
    forget_expired(connected_time);
}

/// The pair that the step needed and the chain that it answers are over: wiped with the old turn.
void Ratchet::commit_peer_step(PeerStep step) noexcept {
    if (!receiving_.empty()) {
        ReceivingChain& before = receiving_.rbegin()->second;
        before.length = step.peer.previous_length;
        before.next = step.peer.previous_length;
        before.key.reset();
    }
    receiving_.merge(step.begun);
    root_ = std::move(step.root);
    ++epoch_;
    next_receiving_header_key_ = std::move(step.next_header_key);
    const std::optional<SendingChain>& sending = std::get<PeerStepDue>(turn_).sending;
    previous_sending_length_ = sending ? sending->next.number : 0;
    turn_ = OwnStepDue{step.peer.keys};
}

void Ratchet::forget_expired(Time connected_time) noexcept {
    skipped_.drop_older_than(connected_time);
    forget_needless();
}

/// Chains that are over and have no message key left, and signing keys under which nothing can come.
void Ratchet::forget_needless() noexcept {
    std::erase_if(receiving_, [&](const auto& chain) {
        return chain.second.length && !skipped_.holds_epoch(chain.first);
    });
    peer_efks_.drop_needless(skipped_.lowest_position());
}

}  // namespace chat
