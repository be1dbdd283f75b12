#pragma once
/// What sealing or opening one cell would change in a ratchet; see ratchet.hpp, which includes this.

#include "double_ratchet/ratchet.hpp"

namespace chat {

/// Seed of the randomness that signs one cell, drawn before its message key is used: a source that fails later can't lead to a second
/// body under the same key and nonce.
using SigningSeed = Secret<struct SigningSeedTag, 48>;

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

    [[nodiscard]] static Step take_step(const Ratchet& ratchet, const OwnStepDue& due, Rng& rng);

    CellIndex index_;
    u64 position_ = 0;
    std::optional<Step> step_;
    MessageKey<Sending> key_;
    ChainKey<Sending> next_key_;
    HeaderNonce header_nonce_;
    SigningSeed signing_seed_;
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
    [[nodiscard]] u32 previous_length() const { return step_->previous_length; }

  private:
    friend class Ratchet;
    friend class CellOpening;

    struct Step {
        RatchetRoot root;
        HeaderKey<Receiving> next_header_key;
        ApplicationSecret application_secret;
        RatchetPublicKeys peer;
        u32 previous_length = 0;
        ReceivingChains begun;  ///< the new chain alone
    };
    /// The current chain goes on after this cell.
    struct Advance {
        ChainKey<Receiving> key;
        u32 next = 0;
    };

    CellId id_;
    CellIndex index_;
    u64 position_ = 0;
    u32 efk_index_ = 0;
    std::optional<Step> step_;
    std::optional<Advance> advance_;  ///< neither this nor step_: the key was a skipped one
    SkippedKeys::Entries skipped_;
};

}  // namespace chat
