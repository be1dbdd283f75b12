#include <sys/param.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysctl.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>

#include "process_protection/hardening.hpp"

namespace chat {

/// Technical Q&A QA1361 of Apple.
bool is_traced() {
    std::array<int, 4> name{CTL_KERN, KERN_PROC, KERN_PROC_PID, ::getpid()};
    kinfo_proc info{};
    std::size_t size = sizeof info;
    return ::sysctl(name.data(), name.size(), &info, &size, nullptr, 0) == 0 &&
           (info.kp_proc.p_flag & P_TRACED) != 0;
}

std::uint64_t lockable_memory() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 0;
    return limit.rlim_cur == RLIM_INFINITY ? unlimited_memory : limit.rlim_cur;
}

Result<HardeningReport, HardeningError> harden_process(Debugger debugger) {
    HardeningReport report;
    report.traced = is_traced();
    if (report.traced && debugger == Debugger::refused) return fail(HardeningError::traced);
    // Whoever tries to attach afterwards gets a segmentation fault for it.
    if (debugger == Debugger::refused)
        report.unreadable_by_others = ::ptrace(PT_DENY_ATTACH, 0, nullptr, 0) == 0;
    constexpr rlimit none{0, 0};
    report.core_dumps_off = ::setrlimit(RLIMIT_CORE, &none) == 0;
    ::umask(S_IRWXG | S_IRWXO);
    report.locked_memory = lockable_memory();
    scrub_environment();
    return report;
}

}  // namespace chat
