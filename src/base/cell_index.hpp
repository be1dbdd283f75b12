#pragma once
/// Where a cell stands in the ratchet: the chain (its epoch is the number of the root step that made it) and the number in it
/// (docs/protocol.md 6). The Double Ratchet and the application cipher index their keys by the same pair.

#include "base/bytes.hpp"

namespace chat {

struct CellIndex {
    u32 epoch = 0;
    u32 number = 0;
    /// Older cells of one sender come first.
    // NOLINTNEXTLINE(modernize-use-nullptr): it takes the 0 of a defaulted comparison for a pointer
    auto operator<=>(const CellIndex&) const = default;
};

}  // namespace chat
