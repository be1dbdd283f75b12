#pragma once
/// Seals and opens cells: the application cipher inside, the Double Ratchet and the FALCON signature around it (docs/protocol.md 6, 7
/// and the outer part of 8). The session hands it 1072-byte inner records and gets 5632-byte cells, and the other way.
///
/// A cell that is refused changes nothing, and neither does a call that throws (RngFailure, std::bad_alloc).

#include "application_cipher/application_cipher.hpp"
#include "double_ratchet/ratchet.hpp"

namespace chat {

inline constexpr std::size_t inner_size = application_plaintext_size;
static_assert(sealed_application_size == body_size);

class CellCipher {
  public:
    struct Inputs {
        SessionIdBytes session_id;
        const RootKey& root_key;                  ///< read during the start only
        const BootstrapSecret& bootstrap_secret;  ///< of the first connection; read during the start only
        const BootstrapTranscript& bootstrap_transcript;  ///< of the first connection
        std::unique_ptr<CellSigner> own_signer;           ///< own EFK, index 0
        std::unique_ptr<CellVerifier> peer_verifier;      ///< the peer's EFK, index 0
        const CellVerifierLoader& verifier_loader;        ///< outlives the cipher
        RatchetLimits limits{};
        SealObserver* observer = nullptr;  ///< tests only; outlives the cipher
    };

    /// A's side; `first_keys_of_b` are EK_B and PQEK_B, which the key exchange has checked. A may seal at once.
    [[nodiscard]] static CellCipher start_a(Inputs inputs, const RatchetPublicKeys& first_keys_of_b);
    /// B's side; `first_keys` are EK_B and PQEK_B. They are wiped when A's first cell opens. B may seal from then on.
    [[nodiscard]] static CellCipher start_b(Inputs inputs, RatchetPair first_keys);

    struct Sealed {
        Cell cell;
        u64 position = 0;   ///< how many cells this side sealed before
        u32 efk_index = 0;  ///< of the key that signed it
    };

    /// False at B until A's first cell was opened.
    [[nodiscard]] bool can_seal() const { return ratchet_.can_seal(); }
    /// Takes the ratchet step when one is due. Needs can_seal(). All draws from `rng` come before the first use of a message key.
    [[nodiscard]] Sealed seal(std::span<const u8, inner_size> inner, Rng& rng);

    struct Opened {
        std::span<const u8, inner_size>
            inner;          ///< in guarded memory of the cipher; valid until its next call that isn't const
        u64 position = 0;   ///< how many cells the peer sealed before
        u32 efk_index = 0;  ///< of the key that signed it
    };

    /// `connected_time` is the time spent connected, on a clock that stands still otherwise: skipped keys age by it.
    /// Order of checks: replay, header, signature, DH and KEM, body, application layer.
    [[nodiscard]] Result<Opened, CellError> open(std::span<const u8, cell_size> cell, Time connected_time);
    /// The same, for a transport that keeps order: accepts only the cell at position status().cells_opened, and refuses any other
    /// that is genuine with out_of_sequence.
    [[nodiscard]] Result<Opened, CellError> open_next(std::span<const u8, cell_size> cell,
                                                      Time connected_time);
    /// Wipes skipped keys that are too old. open() does that, too; call it when no cell came for long.
    void forget_expired(Time connected_time);

    /// The EFK that signs this side's cells.
    [[nodiscard]] u32 own_efk_index() const { return ratchet_.own_efk().index(); }
    [[nodiscard]] const falcon1024::PublicKey& own_efk() const { return ratchet_.own_efk().public_key(); }
    /// Cells signed by it so far; see efk_replacement_cells.
    [[nodiscard]] u64 cells_under_own_efk() const { return ratchet_.own_efk().cells_signed(); }
    /// An announced EFK waits for the peer's acknowledgement.
    [[nodiscard]] bool efk_announced() const { return ratchet_.own_efk().is_announced(); }

    /// Content of the message that announces `next` under own_efk_index() + 1. Needs !efk_announced().
    [[nodiscard]] EfkAnnouncementBytes announce_efk(std::unique_ptr<CellSigner> next, Rng& rng) {
        return ratchet_.announce_efk(std::move(next), rng);
    }
    /// The peer acknowledged all of the announcement: sign with the new key from now on and wipe the old one. Needs efk_announced().
    void activate_announced_efk() { ratchet_.activate_announced_efk(); }

    /// An announcement of the peer, all of its cells received. Gives the new index. The efk_announcement_* errors or efk_revealed.
    [[nodiscard]] Result<u32, CellError> accept_efk_announcement(ByteView content) {
        return ratchet_.accept_efk_announcement(content);
    }
    /// The peer's EFK of this index, to check a rotation or a reveal; null when it was not announced, was revealed or was replaced
    /// so long ago that it is forgotten.
    [[nodiscard]] const falcon1024::PublicKey* peer_efk(u32 index) const {
        return ratchet_.peer_efks().public_key(index);
    }
    /// The private key of `index` was published (--deniable): refuses signatures under it and under every lower index.
    void mark_peer_efk_revealed(u32 index) { ratchet_.mark_peer_efk_revealed(index); }

    /// For the security monitor.
    struct Status {
        u32 epoch = 0;                 ///< root steps taken
        std::size_t skipped_kept = 0;  ///< message keys kept for cells that did not come
        u64 skipped_dropped = 0;       ///< such keys wiped unused: for age or room
        u64 cells_sealed = 0;
        u64 cells_opened = 0;
    };
    [[nodiscard]] Status status() const;

  private:
    friend struct CellCipherInspector;  // tests: reads the secrets, to play a thief of the state

    CellCipher(Ratchet ratchet, ApplicationCipher application);
    [[nodiscard]] Result<Opened, CellError> open_at(std::span<const u8, cell_size> cell,
                                                    std::optional<u64> position, Time connected_time);

    [[nodiscard]] std::span<u8, body_size> body();
    [[nodiscard]] std::span<u8, inner_size> inner();
    void follow_ratchet();

    Ratchet ratchet_;
    ApplicationCipher application_;
    SecretBuffer body_;   ///< scratch
    SecretBuffer inner_;  ///< what Opened::inner points to
};

}  // namespace chat
