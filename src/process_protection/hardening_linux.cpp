#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <span>

#include "process_protection/hardening.hpp"

namespace chat {
namespace {

/// A descriptor 0 to 2 that is closed at start would go to the next file or socket, which then gets what is meant for the screen.
void open_standard_streams() {
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
        if (::fcntl(stream, F_GETFD) >= 0) continue;
        if (::open("/dev/null", stream == STDIN_FILENO ? O_RDONLY : O_WRONLY) != stream) std::abort();
    }
}

/// With CAP_IPC_LOCK (14) there is no limit.
bool may_lock_without_limit() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    return ::syscall(SYS_capget, &header, sets.data()) == 0 &&
           (sets[0].effective & (1U << CAP_IPC_LOCK)) != 0;
}

/// As far as the hard limit allows.
void raise_locked_memory() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_MEMLOCK, &limit);
}

std::size_t read_start(const char* path, std::span<char> room) {
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    const ssize_t length = ::read(file, room.data(), room.size());
    ::close(file);
    return length > 0 ? static_cast<std::size_t>(length) : 0;
}

/// The limit does not hold where the kernel hands dumps to a program (core_pattern begins with |); there only a process that is not
/// dumpable has none.
bool forbid_core_dumps(bool dumpable) {
    constexpr rlimit none{0, 0};
    const bool limited = ::setrlimit(RLIMIT_CORE, &none) == 0;
    std::array<char, 1> pattern{};
    const bool to_a_program = read_start("/proc/sys/kernel/core_pattern", pattern) != 1 || pattern[0] == '|';
    return !dumpable || (limited && !to_a_program);
}

}  // namespace

std::uint64_t lockable_memory() {
    if (may_lock_without_limit()) return unlimited_memory;
    rlimit limit{};
    if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 0;
    return limit.rlim_cur == RLIM_INFINITY ? unlimited_memory : limit.rlim_cur;
}

bool is_traced() {
    std::array<char, 4096> text{};
    constexpr std::string_view field = "\nTracerPid:\t";
    const std::string_view status{text.data(), read_start("/proc/self/status", text)};
    const std::size_t at = status.find(field);
    return at != std::string_view::npos && status.substr(at + field.size(), 1) != "0";
}

Result<HardeningReport, HardeningError> harden_process(Debugger debugger) {
    open_standard_streams();
    HardeningReport report;
    report.traced = is_traced();
    if (report.traced && debugger == Debugger::refused) return fail(HardeningError::traced);
    if (debugger == Debugger::refused) {
        ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
        report.unreadable_by_others = ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
        // One that attached between the two looks is seen by this one; none can come after it, except root's.
        report.traced = is_traced();
        if (report.traced) return fail(HardeningError::traced);
    }
    report.core_dumps_off = forbid_core_dumps(!report.unreadable_by_others);
    report.no_new_privileges = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    ::umask(S_IRWXG | S_IRWXO);
    // A limit on the size of files comes as an error of the write, which leaves the old file as it was.
    ::signal(SIGXFSZ, SIG_IGN);
    raise_locked_memory();
    report.locked_memory = lockable_memory();
    scrub_environment();
    return report;
}

}  // namespace chat
