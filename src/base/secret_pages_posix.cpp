#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "base/secret_pages.hpp"
#include "base/secret_pages_backing.hpp"

namespace chat::secret_pages {
namespace {

std::atomic<bool> ordinary_only{false};

void* reserve(void* at, std::size_t size, int how) noexcept {
    return ::mmap(at, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | how, -1, 0);
}

}  // namespace

std::size_t page_size() noexcept {
    static const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return size;
}

Pages map(std::size_t size) {
    const std::size_t page = page_size();
    const std::size_t data_size = (size + page - 1) / page * page;
    void* const reserved = reserve(nullptr, data_size + 2 * page, 0);
    if (reserved == MAP_FAILED) throw std::bad_alloc{};
    u8* const data = static_cast<u8*>(reserved) + page;
    const auto kind = back_with_memory(data, data_size, ordinary_only.load(std::memory_order_relaxed));
    if (!kind) {
        ::munmap(reserved, data_size + 2 * page);
        throw std::bad_alloc{};
    }
    return {data, data_size, *kind};
}

void unmap(const Pages& pages) noexcept {
    const std::size_t page = page_size();
    ::munmap(pages.data - page, pages.size + 2 * page);
}

bool set_access(const Pages& pages, bool accessible) noexcept {
    return ::mprotect(pages.data, pages.size, accessible ? PROT_READ | PROT_WRITE : PROT_NONE) == 0;
}

void bar_inherited(const Pages& pages) noexcept {
    static_cast<void>(reserve(pages.data, pages.size, MAP_FIXED));
}

void use_ordinary_pages() noexcept { ordinary_only.store(true, std::memory_order_relaxed); }

std::optional<std::size_t> lock_limit() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
    return static_cast<std::size_t>(limit.rlim_cur);
}

std::string_view lock_limit_hint() noexcept {
    return "raise it with `ulimit -l unlimited`, in a container with --ulimit memlock=-1, in a systemd unit "
           "with "
           "LimitMEMLOCK=infinity";
}

void on_fork(void (*before)(), void (*in_parent)(), void (*in_child)()) {
    if (::pthread_atfork(before, in_parent, in_child) != 0) throw std::bad_alloc{};
}

void stop_process(std::string_view message) noexcept {
    while (!message.empty()) {
        const ssize_t count = ::write(STDERR_FILENO, message.data(), message.size());
        if (count <= 0) break;
        message.remove_prefix(static_cast<std::size_t>(count));
    }
    forbid_core_dump();
    std::abort();
}

}  // namespace chat::secret_pages
