#include <sys/mman.h>
#include <sys/resource.h>

#include "base/secret_pages_backing.hpp"

namespace chat::secret_pages {

std::optional<PageKind> back_with_memory(u8* at, std::size_t size, bool /*ordinary*/) noexcept {
    constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    if (::mmap(at, size, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED) return std::nullopt;
    ::minherit(at, size, VM_INHERIT_NONE);
    return ::mlock(at, size) == 0 ? PageKind::locked : PageKind::unlocked;
}

void forbid_core_dump() noexcept {
    constexpr rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
}

}  // namespace chat::secret_pages
