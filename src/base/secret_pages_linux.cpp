#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/secret_pages_backing.hpp"

// Headers of distributions lag behind their kernels. The number is the same on every architecture (Linux 5.14).
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

namespace chat::secret_pages {
namespace {

/// False also when RLIMIT_MEMLOCK or the limit of open files is reached. The descriptor is not kept: the mapping holds the memory.
/// Such a mapping is always shared and locked, and the kernel leaves it out of core dumps by itself.
bool back_with_secret_memory(u8* at, std::size_t size) noexcept {
    const int descriptor = static_cast<int>(::syscall(SYS_memfd_secret, O_CLOEXEC));
    if (descriptor < 0) return false;
    const bool sized = ::ftruncate(descriptor, static_cast<off_t>(size)) == 0;
    void* const mapped =
        sized ? ::mmap(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptor, 0) : MAP_FAILED;
    ::close(descriptor);
    return mapped != MAP_FAILED;
}

}  // namespace

std::optional<PageKind> back_with_memory(u8* at, std::size_t size, bool ordinary) noexcept {
    PageKind kind = PageKind::secret_memory;
    if (ordinary || !back_with_secret_memory(at, size)) {
        // A failed MAP_FIXED may have left a hole, hence no mprotect of the reservation.
        constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
        if (::mmap(at, size, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED) return std::nullopt;
        ::madvise(at, size, MADV_DONTDUMP);
        // By number, since the sanitizers put a function that does nothing in front of mlock().
        kind = ::syscall(SYS_mlock, at, size) == 0 ? PageKind::locked : PageKind::unlocked;
    }
    ::madvise(at, size, MADV_DONTFORK);
    return kind;
}

/// The limit alone does not stop a core_pattern that is a pipe (systemd-coredump).
void forbid_core_dump() noexcept {
    constexpr rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace chat::secret_pages
