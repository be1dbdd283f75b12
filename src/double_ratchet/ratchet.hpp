#pragma once
/// The post-quantum Double Ratchet with header encryption (docs/protocol.md 6): one side's state of one session. Seals bodies of 1112
/// bytes into signed cells of 5632 and opens them.
///
///     A: OwnStepDue ──seal──> PeerStepDue ──open──> OwnStepDue ──seal──> ...      (steps 1, 2, 3, ...)
///     B: PeerStepDue ──open──> OwnStepDue ──seal──> PeerStepDue ──open──> ...
///
/// A draft holds what a call would change; the state changes only when the draft is committed, after every check of every layer. No
/// commit can fail. No I/O, no clock, no randomness but what is passed in.

#include <map>
#include <optional>
#include <variant>

#include "double_ratchet/header.hpp"
#include "double_ratchet/own_efk.hpp"
#include "double_ratchet/peer_efks.hpp"
#include "double_ratchet/receiving_chain.hpp"
#include "double_ratchet/replay_window.hpp"
#include "double_ratchet/root_step.hpp"
#include "double_ratchet/seal_observer.hpp"
#include "double_ratchet/sending_chain.hpp"
#include "double_ratchet/skipped_keys.hpp"

namespace chat {

class Ratchet {
  public:
    struct Inputs {
        SessionIdBytes session_id;
        const RootKey& root_key;  ///< read during the start only
        std::unique_ptr<CellSigner> own_signer;
        std::unique_ptr<CellVerifier> peer_verifier;
        const CellVerifierLoader& verifier_loader;  ///< outlives the ratchet
        RatchetLimits limits{};
        SealObserver* observer = nullptr;  ///< tests only; outlives the ratchet
    };

    /// A takes step 1 when it first seals. The keys were checked by the key exchange: well-formed, and not of small order.
    [[nodiscard]] static Ratchet start_a(Inputs inputs, const RatchetPublicKeys& first_keys_of_b);
    /// B takes step 1 when A's first cell opens, and wipes this pair then.
    [[nodiscard]] static Ratchet start_b(Inputs inputs, RatchetPair first_keys);

    class SealDraft;
    class OpenDraft;

    [[nodiscard]] bool can_seal() const;
    /// Takes the step if it is due and draws everything that sealing needs. Needs can_seal(). Throws RngFailure.
    [[nodiscard]] SealDraft draft_seal(Rng& rng) const;
    /// Writes the whole cell, signature included.
    void seal(const SealDraft& draft, std::span<const u8, body_size> body,
              std::span<u8, cell_size> cell) const;
    void commit(SealDraft draft) noexcept;

    /// Checks replay, header, signature, DH and KEM, then opens the body; any CellError but those of the application layer and of
    /// announcements. `body` is all zero after an error.
    [[nodiscard]] Result<OpenDraft, CellError> open(std::span<const u8, cell_size> cell, Time connected_time,
                                                    std::span<u8, body_size> body) const;
    void commit(OpenDraft draft, Time connected_time) noexcept;
    void forget_expired(Time connected_time) noexcept;

    [[nodiscard]] const OwnEfk& own_efk() const { return own_efk_; }
    [[nodiscard]] const PeerEfks& peer_efks() const { return peer_efks_; }
    [[nodiscard]] EfkAnnouncementBytes announce_efk(std::unique_ptr<CellSigner> next, Rng& rng);
    void activate_announced_efk() { own_efk_.activate(); }
    [[nodiscard]] Result<u32, CellError> accept_efk_announcement(ByteView content);
    void mark_peer_efk_revealed(u32 index) noexcept { peer_efks_.mark_revealed(index); }

    /// Root steps taken.
    [[nodiscard]] u32 epoch() const { return epoch_; }
    [[nodiscard]] const SkippedKeys& skipped() const { return skipped_; }
    [[nodiscard]] u64 cells_sealed() const { return cells_sealed_; }
    [[nodiscard]] u64 cells_opened() const { return cells_opened_; }
    [[nodiscard]] SealObserver* observer() const { return observer_; }

  private:
    friend class CellOpening;
    friend struct CellCipherInspector;  // tests: reads the secrets, to play a thief of the state

    /// The private halves of a ratchet pair, until the peer's step.
    struct OwnPrivateKeys {
        X25519PrivateKey dh;
        MlKem1024Seed kem;
    };
    /// The next step is ours, taken when we next seal; the chain that we sent in is over.
    struct OwnStepDue {
        RatchetPublicKeys peer;
    };
    /// The next step is the peer's. B begins so, without a chain to send in.
    struct PeerStepDue {
        OwnPrivateKeys own;
        std::optional<SendingChain> sending;
    };
    using Turn = std::variant<OwnStepDue, PeerStepDue>;

    struct PeerStep;

    Ratchet(Role role, Inputs inputs, Turn turn);

    [[nodiscard]] CellOrigin origin_of_own() const { return {session_id_, role_}; }
    [[nodiscard]] CellOrigin origin_of_peer() const { return {session_id_, other(role_)}; }
    [[nodiscard]] u32 next_epoch_of_peer() const {
        return epoch_ + (std::holds_alternative<PeerStepDue>(turn_) ? 1U : 2U);
    }
    void commit_peer_step(PeerStep step) noexcept;
    void forget_needless() noexcept;

    Role role_;
    SessionIdBytes session_id_;
    RatchetLimits limits_;
    SealObserver* observer_;

    RatchetRoot root_;  // RK_k, k = epoch_
    u32 epoch_ = 0;
    HeaderKey<Sending> next_sending_header_key_;
    HeaderKey<Receiving> next_receiving_header_key_;
    Turn turn_;
    u32 previous_sending_length_ = 0;
    u64 cells_sealed_ = 0;
    u64 cells_opened_ = 0;

    ReceivingChains receiving_;
    SkippedKeys skipped_;
    ReplayWindow replay_;
    OwnEfk own_efk_;
    PeerEfks peer_efks_;
};

}  // namespace chat

#include "double_ratchet/ratchet_drafts.hpp"
