#pragma once
/// Opens one cell against a ratchet that stays as it is (docs/protocol.md 6, "Order of checks"); a part of ratchet.hpp.

#include "double_ratchet/ratchet.hpp"

namespace chat {

class CellOpening {
  public:
    /// All are borrowed for the life of this.
    CellOpening(const Ratchet& ratchet, std::span<const u8, cell_size> cell, Time connected_time)
        : ratchet_{ratchet}, cell_{parts_of(cell)}, connected_time_{connected_time} {
        draft_.id_ = id_of(cell);
    }

    /// At most once.
    [[nodiscard]] Result<Ratchet::OpenDraft, CellError> run(std::span<u8, body_size> body);

  private:
    using Checked = Result<void, CellError>;

    [[nodiscard]] Checked read_header();
    [[nodiscard]] bool open_with(const HeaderKey<Receiving>& key);
    [[nodiscard]] Checked place_in_known_chain();
    [[nodiscard]] Checked place_in_next_chain();
    /// Derives what the cell's place needs; `key_` opens the body afterwards.
    [[nodiscard]] Checked derive_key();
    [[nodiscard]] Checked take_step();
    /// From `key`, which belongs to `from`, to the key of `to`; the message keys between go to the draft.
    [[nodiscard]] ChainKey<Receiving> skip(const ChainKey<Receiving>& key, CellIndex from, u32 to, u64 base);

    const Ratchet& ratchet_;
    CellParts cell_;
    Time connected_time_;
    HeaderBytes header_bytes_;
    RatchetHeader header_;
    const ReceivingChain* chain_ =
        nullptr;  ///< the known chain whose header key opened it; null: the peer's next
    const MessageKey<Receiving>* kept_ = nullptr;  ///< its message key, if that is a skipped one
    std::optional<MessageKey<Receiving>> derived_;
    Ratchet::OpenDraft draft_;
};

}  // namespace chat
