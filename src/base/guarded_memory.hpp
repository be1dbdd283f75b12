#pragma once
/// Where secrets live: pages of secret_pages.hpp (guard pages before and after, locked, kept out of core dumps and of children), a
/// canary on both sides of every secret, wiped when freed. Secrets up to 512 bytes share regions of many slots, because a region of
/// its own would cost every one of them three mappings and a locked page. Larger ones get their own region, and end as close to
/// its guard page as the canary lets them; freed, their addresses are unmapped.
///
/// The allocator is process-wide and thread-safe, like malloc. It ends the process with a message when a canary is
/// damaged: memory that was overrun can no longer be trusted with keys. A child of fork() begins without secrets: those
/// of its parent are not mapped in it.

#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace chat::guarded_memory {

/// Larger secrets get pages of their own.
inline constexpr std::size_t pooled_limit = 512;
/// What is written next to a secret to see overruns, at least and on each side.
inline constexpr std::size_t canary_size = 16;

/// Zeroed guarded memory of `size` bytes (> 0), aligned to 32. Throws std::bad_alloc when there is none.
[[nodiscard]] u8* allocate(std::size_t size);

/// Checks the canaries, wipes and frees what allocate(size) returned. Aborts with a message on a damaged canary.
void release(u8* memory, std::size_t size) noexcept;

/// Overwrites in a way the compiler can't drop. For temporaries on the stack or in ordinary containers.
void wipe(MutableByteView memory) noexcept;

/// Overwrites what calls that are over have left on this thread's stack, as far as the program's calls go deep. Compilers and
/// libraries spill keys there that no object owns. For loops, between two pieces of work.
void wipe_stack() noexcept;

/// Compares in time that depends on the sizes alone.
[[nodiscard]] bool equal_constant_time(ByteView a, ByteView b) noexcept;

struct Usage {
    std::size_t regions = 0;                ///< guarded regions now mapped; the sum of the next three
    std::size_t secret_memory_regions = 0;  ///< of memfd_secret(2)
    std::size_t locked_regions = 0;         ///< ordinary pages, locked
    std::size_t unlocked_regions = 0;  ///< ordinary pages that the system refused to lock (RLIMIT_MEMLOCK)
    std::size_t bytes = 0;             ///< of all regions, without guard pages
    std::size_t live_secrets = 0;      ///< allocations not yet released
};
[[nodiscard]] Usage usage();

/// One line for a person: where keys lie now.
[[nodiscard]] std::string describe(const Usage& usage);
/// What is wrong and how to mend it, when some keys may be written to swap.
[[nodiscard]] std::optional<std::string> warning(const Usage& usage);

}  // namespace chat::guarded_memory
