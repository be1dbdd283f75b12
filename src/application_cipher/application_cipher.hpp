#pragma once
/// The application cipher (docs/protocol.md 7) seals each inner record before the Double Ratchet does, under keys of its own. It
/// follows the ratchet: the same epochs and numbers, the same steps, the same skipping; the caller passes these on. One
/// chain for each epoch.
///
/// A draft holds what a call would change; the state changes only when the draft is committed. No commit can fail.

#include <map>
#include <optional>

#include "application_cipher/application_record.hpp"
#include "application_cipher/error.hpp"
#include "base/result.hpp"

namespace chat {

/// The peer's root step, as its first opened cell brought it.
struct PeerApplicationStep {
    u32 previous_length = 0;  ///< of the peer's chain before; the keys that are left of it are skipped
    const ApplicationSecret& secret;
};

class ApplicationCipher {
  public:
    /// Both inputs are those of the first connection (docs/protocol.md 10).
    ApplicationCipher(Role role, const SessionIdBytes& session_id, const BootstrapSecret& secret,
                      const BootstrapTranscript& transcript);

    class SealDraft;
    class OpenDraft;

    /// For the cell `index`, the next one of the own chain. `step` is the application secret of the root step that the cell
    /// begins with, null when it continues the chain.
    [[nodiscard]] SealDraft draft_seal(CellIndex index, const ApplicationSecret* step) const;
    /// Draws the nonce from `rng`; throws RngFailure.
    void seal(const SealDraft& draft, ApplicationPlaintextView plaintext, Rng& rng,
              std::span<u8, sealed_application_size> out) const;
    void commit(SealDraft draft) noexcept;

    /// `step` as brought by the first opened cell of a chain, null for any other. How many keys are skipped is bounded by the
    /// ratchet, which looks at each cell first. no_key or bad_tag; `out` is all zero then.
    [[nodiscard]] Result<OpenDraft, ApplicationCipherError> open(
        CellIndex index, const PeerApplicationStep* step, SealedApplicationView sealed,
        std::span<u8, application_plaintext_size> out) const;
    void commit(OpenDraft draft) noexcept;

    [[nodiscard]] std::size_t skipped_kept() const { return skipped_.size(); }
    /// Wipes the skipped keys for which `keep(CellIndex)` is false.
    template <class Keep>
    void keep_skipped_if(Keep keep) {
        std::erase_if(skipped_, [&](const auto& entry) { return !keep(entry.first); });
    }

  private:
    friend struct CellCipherInspector;  // tests: reads the secrets, to play a thief of the state

    template <class Direction>
    struct Chain {
        ApplicationChainKey<Direction> key;
        CellIndex next;
    };
    using SkippedKeys = std::map<CellIndex, ApplicationMessageKey<Receiving>>;

    Role role_;
    SessionIdBytes session_id_;
    ApplicationRoot root_;  // app_root_k
    std::optional<Chain<Sending>> sending_;
    std::optional<Chain<Receiving>> receiving_;
    SkippedKeys skipped_;
};

class ApplicationCipher::SealDraft {
  public:
    [[nodiscard]] const ApplicationMessageKey<Sending>& key() const { return key_; }

  private:
    friend class ApplicationCipher;

    SealDraft(CellIndex index, std::optional<ApplicationRoot> root,
              const ApplicationChainKey<Sending>& chain_key);

    CellIndex index_;
    std::optional<ApplicationRoot> root_;  ///< when the cell begins with a step
    ApplicationMessageKey<Sending> key_;
    ApplicationChainKey<Sending> next_key_;
};

class ApplicationCipher::OpenDraft {
  private:
    friend class ApplicationCipher;

    /// Moves `chain` on to the key of `number`; the message keys on the way become skipped ones.
    void skip(Chain<Receiving>& chain, u32 number);
    void use(Chain<Receiving> chain, u32 number);

    CellIndex index_;
    std::optional<ApplicationRoot> root_;    ///< when the cell begins with a step
    std::optional<Chain<Receiving>> chain_;  ///< after this cell; none when its key was a skipped one
    std::optional<ApplicationMessageKey<Receiving>> key_;  ///< of this cell; none when it was a skipped one
    SkippedKeys skipped_;                                  ///< keys passed over on the way
};

}  // namespace chat
