#pragma once
/// The ephemeral FALCON keys by which the peer's cells are verified (docs/protocol.md 6 and 10, 11).
///
/// Which one may have signed a cell depends on the cell's position, since resent and delayed cells keep the signature of their time: no
/// cell may come under a lower index than one accepted at an earlier position. A key is kept until a cell under a higher index
/// was accepted and no cell of its own time can come any more.

#include <map>
#include <optional>

#include "double_ratchet/cell_signature.hpp"
#include "double_ratchet/efk_announcement.hpp"
#include "double_ratchet/signed_bytes.hpp"

namespace chat {

class PeerEfks {
  public:
    /// `first` has index 0. `loader` outlives this. At most `max_kept` keys; the oldest makes room.
    PeerEfks(std::unique_ptr<CellVerifier> first, const CellVerifierLoader& loader, std::size_t max_kept);

    /// Null when `index` was not announced, was revealed, or was replaced so long ago that it is forgotten.
    [[nodiscard]] const falcon1024::PublicKey* public_key(u32 index) const;

    /// efk_revealed, efk_unknown or efk_too_low when no cell at `position` may be signed under `index`, else bad_signature.
    [[nodiscard]] Result<void, CellError> verify_cell(u32 index, u64 position, const CellOrigin& origin,
                                                      const CellParts& cell) const;
    /// A cell was accepted.
    void accepted(u32 index, u64 position) noexcept;

    /// The new index. efk_announcement_length, efk_announcement_index, efk_revealed, efk_announcement_key or
    /// efk_announcement_signature.
    [[nodiscard]] Result<u32, CellError> accept_announcement(const CellOrigin& origin, ByteView content);

    /// Refuses signatures under `index` and every lower one from now on, and forgets these keys.
    void mark_revealed(u32 index) noexcept;
    /// Retires the keys under which no cell can come any more. `lowest_awaited` is the lowest position of a skipped cell.
    void drop_needless(std::optional<u64> lowest_awaited) noexcept;
    /// Keys under which a cell may still come.
    [[nodiscard]] std::size_t kept() const { return keys_.size(); }

  private:
    struct Key {
        std::unique_ptr<CellVerifier> verifier;
        VerificationKeyHash hash;
        std::optional<u64> first_position;  ///< lowest position of a cell accepted under it
    };
    using Keys = std::map<u32, Key>;

    void retire(Keys::iterator key) noexcept;
    /// The lowest position accepted under an index above `index`: from there on, `index` is too low.
    [[nodiscard]] std::optional<u64> end_of(u32 index) const;

    const CellVerifierLoader* loader_;
    std::size_t max_kept_;
    Keys keys_;     ///< the newest one is always kept until it is revealed
    Keys retired_;  ///< no cell under these can come; they wait for being revealed (docs/protocol.md 11)
    u32 newest_ = 0;
    std::optional<u32> revealed_;  ///< the highest revealed index
};

}  // namespace chat
