#pragma once
/// What a peer can make the ratchet keep or compute is bounded here (docs/protocol.md 6).

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace chat {

struct RatchetLimits {
    u32 max_skip = 1000;  ///< messages that one cell may skip in a chain: bounds the work for a cell
    std::size_t max_skipped_kept = 2000;  ///< skipped message keys; the oldest go first: bounds the memory
    u32 max_skipped_epochs = 5;           ///< root steps, of either side, that a skipped key survives
    Duration max_skipped_age = std::chrono::hours{1};  ///< connected time that it survives
    std::size_t replay_window = 4096;                  ///< accepted cells remembered by their ids; at least 1
    std::size_t max_peer_efks =
        8;  ///< verification keys in use, and as many retired ones; an honest peer needs two
};

/// A replacement of the own EFK is due after this many cells or this long, whichever is first.
inline constexpr u64 efk_replacement_cells = 1000;
inline constexpr Duration efk_replacement_interval = std::chrono::hours{1};

}  // namespace chat
