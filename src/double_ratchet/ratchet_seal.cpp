#include <cassert>

#include "double_ratchet/body.hpp"
#include "double_ratchet/chain.hpp"
#include "double_ratchet/ratchet.hpp"

namespace chat {

bool Ratchet::can_seal() const {
    const auto* waiting = std::get_if<PeerStepDue>(&turn_);
    return waiting == nullptr || waiting->sending.has_value();
}

Ratchet::SealDraft Ratchet::draft_seal(Rng& rng) const {
    assert(can_seal());
    return {*this, rng};
}

Ratchet::SealDraft::SealDraft(const Ratchet& ratchet, Rng& rng)
    : step_{take_step(ratchet, rng)},
      index_{chain(ratchet).next},
      position_{ratchet.cells_sealed_},
      key_{message_key(chain(ratchet).key)},
      next_key_{next_chain_key(chain(ratchet).key)},
      header_nonce_{rng.bytes<HeaderNonce>()},
      signing_seed_{rng.secret<SigningSeed>()} {}

const SendingChain& Ratchet::SealDraft::chain(const Ratchet& ratchet) const {
    return step_ ? step_->chain : *std::get<PeerStepDue>(ratchet.turn_).sending;
}

std::optional<Ratchet::SealDraft::Step> Ratchet::SealDraft::take_step(const Ratchet& ratchet, Rng& rng) {
    const auto* due = std::get_if<OwnStepDue>(&ratchet.turn_);
    if (due == nullptr) return std::nullopt;
    RatchetPair pair = generate_ratchet_pair(rng);
    // The peer's keys were checked when they came: by the key exchange, or with the cell that brought them.
    auto encapsulation = mlkem1024::encapsulate(due->peer.kem, rng);
    auto dh = x25519::agree(pair.dh.private_key, due->peer.dh);
    auto step = root_step<Sending>(ratchet.root_, dh.value(), encapsulation->shared_secret);
    const ChainFields fields{pair.public_keys(), encapsulation->ciphertext, ratchet.previous_sending_length_};
    return Step{std::move(step.root),
                std::move(step.next_header_key),
                std::move(step.application_secret),
                {std::move(pair.dh.private_key), std::move(pair.kem.seed)},
                {ratchet.next_sending_header_key_.clone(), begin_chain(step.chain_secret, ratchet.role_),
                 fields, CellIndex{ratchet.epoch_ + 1, 0}}};
}

void Ratchet::seal(const SealDraft& draft, std::span<const u8, body_size> body,
                   std::span<u8, cell_size> cell) const {
    const SendingChain& chain = draft.chain(*this);
    const CellOrigin origin = origin_of_own();
    const auto header = cell.first<encrypted_header_size>();
    const auto sealed_body = cell.subspan<encrypted_header_size, encrypted_body_size>();

    if (observer_ != nullptr) {
        observer_->sealing(SealLayer::header, chain.header_key.expose(), draft.header_nonce_.bytes);
    }
    seal_header(chain.header_key, origin, draft.header_nonce_,
                encode_header(chain.fields, draft.index_, own_efk_.index()), header);
    seal_body(draft.key_, origin, header, body, sealed_body, observer_);

    SigningRng signing_rng{draft.signing_seed_};
    const auto signature = own_efk_.sign_cell(origin, header, sealed_body, signing_rng);
    std::copy(signature.bytes.begin(), signature.bytes.end(), cell.last<cell_signature_size>().begin());
}

}  // namespace chat
