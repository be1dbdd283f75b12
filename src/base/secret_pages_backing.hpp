#pragma once
/// Behind secret_pages.hpp where pages come from mmap(2): what differs between such systems.

#include "base/secret_pages.hpp"

namespace chat::secret_pages {

/// Puts zeroed data pages at the reserved addresses [at, at + size), which are page-aligned. Nothing when the system has no memory.
[[nodiscard]] std::optional<PageKind> back_with_memory(u8* at, std::size_t size, bool ordinary) noexcept;

/// No core dump of this process from now on, whatever the system is set to.
void forbid_core_dump() noexcept;

}  // namespace chat::secret_pages
