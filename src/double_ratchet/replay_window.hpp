#pragma once
/// Remembers the last accepted cells by their ids (docs/protocol.md 6, "Replay"). All memory is taken at the start, so that adding an id can't fail.

#include <optional>
#include <vector>

#include "double_ratchet/cell.hpp"

namespace chat {

/// First 16 bytes of SHA-256 of the cell.
using CellId = PublicBytes<struct CellIdTag, 16>;

[[nodiscard]] CellId id_of(std::span<const u8, cell_size> cell);

class ReplayWindow {
  public:
    /// `size` ids at least 1; the oldest one makes room.
    explicit ReplayWindow(std::size_t size);

    [[nodiscard]] bool contains(const CellId& id) const;
    /// Needs !contains(id).
    void add(const CellId& id) noexcept;

  private:
    static constexpr u32 none = 0xffffffff;

    [[nodiscard]] std::size_t bucket_of(const CellId& id) const;
    void unlink(u32 slot) noexcept;

    std::vector<CellId> ids_;  ///< a ring: slot by slot in order of acceptance
    std::vector<u32> next_;    ///< the next slot of the same bucket
    std::vector<u32> first_;   ///< by bucket; their number is a power of two
    std::size_t added_ = 0;
};

}  // namespace chat
