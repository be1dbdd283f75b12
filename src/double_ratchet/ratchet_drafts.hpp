#pragma once
/// What sealing or opening one cell would change in a ratchet; see ratchet.hpp, which includes this.

#include "double_ratchet/ratchet.hpp"
#include "double_ratchet/signing_rng.hpp"

namespace chat {

class Ratchet::SealDraft {
  public:
    [[nodiscard]] CellIndex index() const { return index_; }
    [[nodiscard]] u64 position() const { return position_; }
    /// Application secret of the step that this cell begins with; null when it continues the chain.
    [[nodiscard]] const ApplicationSecret* application_secret() const {
        return step_ ? &step_->application_secret : nullptr;
    }

  private:
    friend class Ratchet;

    struct Step {
        RatchetRoot root;
        HeaderKey<Sending> next_header_key;
        ApplicationSecret application_secret;
        OwnPrivateKeys own;
        SendingChain chain;
    };

    /// Draws from `rng` in the order ratchet pair, encapsulation (these two for a step only), header nonce, signing seed.
    SealDraft(const Ratchet& ratchet, Rng& rng);
    [[nodiscard]] static std::optional<Step> take_step(const Ratchet& ratchet, Rng& rng);
    [[nodiscard]] const SendingChain& chain(const Ratchet& ratchet) const;

    std::optional<Step> step_;
    CellIndex index_;
    u64 position_;
    MessageKey<Sending> key_;
    ChainKey<Sending> next_key_;
    HeaderNonce header_nonce_;
    SigningSeed signing_seed_;
};

struct Ratchet::PeerStep {
    RatchetRoot root;
    HeaderKey<Receiving> next_header_key;
    ApplicationSecret application_secret;
    ChainFields peer;
    ReceivingChains begun;  ///< the new chain alone, as it is after the cell that brought the step
};

class Ratchet::OpenDraft {
  public:
    [[nodiscard]] CellIndex index() const { return index_; }
    [[nodiscard]] u64 position() const { return position_; }
    [[nodiscard]] u32 efk_index() const { return efk_index_; }
    /// Application secret of the peer's step that this cell brought; null when its chain was known.
    [[nodiscard]] const ApplicationSecret* application_secret() const {
        return step_ ? &step_->application_secret : nullptr;
    }
    /// Of the peer's chain before; only with application_secret().
    [[nodiscard]] u32 previous_length() const { return step_->peer.previous_length; }

  private:
    friend class Ratchet;
    friend class CellOpening;

    /// The current chain goes on after this cell.
    struct Advance {
        ChainKey<Receiving> key;
        u32 next = 0;
    };

    CellId id_;
    CellIndex index_;
    u64 position_ = 0;
    u32 efk_index_ = 0;
    std::optional<PeerStep> step_;
    std::optional<Advance> advance_;  ///< neither this nor step_: the key was a skipped one
    SkippedKeys::Entries skipped_;    ///< keys passed over on the way
};

}  // namespace chat
