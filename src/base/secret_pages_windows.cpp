#include <windows.h>

#include <cstdlib>
#include <new>

#include "base/secret_pages.hpp"

namespace chat::secret_pages {
namespace {

/// What VirtualLock lets a process lock is the minimum of its working set, so that has to grow first.
bool lock_in_memory(u8* at, std::size_t size) noexcept {
    if (::VirtualLock(at, size) != 0) return true;
    SIZE_T least = 0;
    SIZE_T most = 0;
    const HANDLE process = ::GetCurrentProcess();
    if (::GetProcessWorkingSetSize(process, &least, &most) == 0) return false;
    if (::SetProcessWorkingSetSize(process, least + size + page_size(), most + size + page_size()) == 0)
        return false;
    return ::VirtualLock(at, size) != 0;
}

}  // namespace

std::size_t page_size() noexcept {
    static const std::size_t size = [] {
        SYSTEM_INFO info{};
        ::GetSystemInfo(&info);
        return static_cast<std::size_t>(info.dwPageSize);
    }();
    return size;
}

/// Pages that are reserved and not committed are the guards: an access is an access violation.
Pages map(std::size_t size) {
    const std::size_t page = page_size();
    const std::size_t data_size = (size + page - 1) / page * page;
    void* const reserved = ::VirtualAlloc(nullptr, data_size + 2 * page, MEM_RESERVE, PAGE_NOACCESS);
    if (reserved == nullptr) throw std::bad_alloc{};
    u8* const data = static_cast<u8*>(reserved) + page;
    if (::VirtualAlloc(data, data_size, MEM_COMMIT, PAGE_READWRITE) == nullptr) {
        ::VirtualFree(reserved, 0, MEM_RELEASE);
        throw std::bad_alloc{};
    }
    return {data, data_size, lock_in_memory(data, data_size) ? PageKind::locked : PageKind::unlocked};
}

void unmap(const Pages& pages) noexcept { ::VirtualFree(pages.data - page_size(), 0, MEM_RELEASE); }

bool set_access(const Pages& pages, bool accessible) noexcept {
    DWORD before = 0;
    return ::VirtualProtect(pages.data, pages.size, accessible ? PAGE_READWRITE : PAGE_NOACCESS, &before) !=
           0;
}

void bar_inherited(const Pages& /*pages*/) noexcept {}

void use_ordinary_pages() noexcept {}

std::optional<std::size_t> lock_limit() noexcept { return std::nullopt; }

std::string_view lock_limit_hint() noexcept {
    return "close other programs, or let this user's processes have a larger working set";
}

/// There is no fork().
void on_fork(void (* /*before*/)(), void (* /*in_parent*/)(), void (* /*in_child*/)()) {}

void stop_process(std::string_view message) noexcept {
    DWORD written = 0;
    ::WriteFile(::GetStdHandle(STD_ERROR_HANDLE), message.data(), static_cast<DWORD>(message.size()),
                &written, nullptr);
    // Neither the error-reporting service, which would keep a dump, nor a dialog.
    ::SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    ::_set_abort_behavior(0, _WRITE_ABORT_MSG | _CALL_REPORTFAULT);
    std::abort();
}

}  // namespace chat::secret_pages
