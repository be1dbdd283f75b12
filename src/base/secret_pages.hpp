#pragma once
/// Pages for secrets, from the system: `guard | data | guard`. Touching a guard page is SIGSEGV. The data pages are zeroed, out of
/// core dumps, never written to swap where the system lets them be locked, and not given to children of fork().
///
/// On Linux they come from memfd_secret(2) where the kernel offers it: then not even the kernel's own mapping of all memory holds
/// them, so neither another process (ptrace, /proc/PID/mem) nor a system call that is tricked into reading kernel memory reaches
/// them. While such pages exist the machine refuses to hibernate, since they would be written to disk. Elsewhere, and where
/// memfd_secret is off (secretmem.enable=0, an old kernel, a seccomp filter), they are ordinary locked pages.

#include <optional>
#include <string_view>

#include "base/bytes.hpp"

namespace chat::secret_pages {

enum class PageKind : u8 {
    secret_memory,  ///< memfd_secret(2): locked, and mapped in this process alone
    locked,         ///< ordinary pages that stay in RAM
    unlocked,       ///< ordinary pages that the system refused to lock (RLIMIT_MEMLOCK): may be swapped
};

struct Pages {
    u8* data = nullptr;
    std::size_t size = 0;  ///< a multiple of page_size()
    PageKind kind = PageKind::unlocked;
};

[[nodiscard]] std::size_t page_size() noexcept;

/// At least `size` bytes. Throws std::bad_alloc when the system gives no address space or memory.
[[nodiscard]] Pages map(std::size_t size);
/// Afterwards every access to them is SIGSEGV until the addresses are used anew. The caller wiped them.
void unmap(const Pages& pages) noexcept;
/// Lets the data pages be used, or makes every access to them SIGSEGV while they keep their content. False when the system refuses.
[[nodiscard]] bool set_access(const Pages& pages, bool accessible) noexcept;
/// In a child of fork(), which has no data pages: keeps their addresses from being used anew, so that a pointer
/// that came from the parent can only end in SIGSEGV.
void bar_inherited(const Pages& pages) noexcept;

/// From now on no memfd_secret(2): for who must be able to hibernate.
void use_ordinary_pages() noexcept;

/// How many bytes the system lets this process lock; nothing: no limit, or none that is known.
[[nodiscard]] std::optional<std::size_t> lock_limit() noexcept;
/// How to raise it, for a person.
[[nodiscard]] std::string_view lock_limit_hint() noexcept;

/// Calls these around every fork() of this process (not of posix_spawn). Once.
void on_fork(void (*before)(), void (*in_parent)(), void (*in_child)());

/// Writes `message` to standard error and ends the process by SIGABRT without a core dump. Async-signal-safe.
[[noreturn]] void stop_process(std::string_view message) noexcept;

}  // namespace chat::secret_pages
