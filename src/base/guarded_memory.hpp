#pragma once
/// Where secrets live: regions with guard pages before and after and a canary (libsodium), locked in RAM, kept out of core
/// dumps, wiped when freed. Secrets up to 512 bytes share regions of many slots, each slot with a canary of its own, because a
/// region of its own would cost every one of them four mappings and several locked pages. Larger ones get their own region.
///
/// The allocator is process-wide and thread-safe, like malloc. It ends the process with a message when a canary is
/// damaged: memory that was overrun can no longer be trusted with keys.

#include "base/bytes.hpp"

namespace chat::guarded_memory {

/// Zeroed guarded memory of `size` bytes (> 0), aligned to 32. Throws std::bad_alloc when there is none.
[[nodiscard]] u8* allocate(std::size_t size);

/// Checks the canaries, wipes and frees what allocate(size) returned. Aborts with a message on a damaged canary.
void release(u8* memory, std::size_t size) noexcept;

/// Overwrites in a way the compiler can't drop. For temporaries on the stack or in ordinary containers.
void wipe(MutableByteView memory) noexcept;

/// Compares in time that depends on the sizes alone.
[[nodiscard]] bool equal_constant_time(ByteView a, ByteView b) noexcept;

struct Usage {
    std::size_t regions = 0;           ///< guarded regions now mapped
    std::size_t live_secrets = 0;      ///< allocations not yet released
    std::size_t unlocked_regions = 0;  ///< regions the system refused to lock (RLIMIT_MEMLOCK)
};
[[nodiscard]] Usage usage();

}  // namespace chat::guarded_memory
