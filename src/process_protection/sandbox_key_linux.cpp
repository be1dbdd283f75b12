#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "process_protection/flavour.hpp"
#include "process_protection/landlock_linux.hpp"
#include "process_protection/sandbox.hpp"
#include "process_protection/seccomp_linux.hpp"

namespace chat {
namespace {

constexpr rlim_t most_descriptors = 64;

/// CLOSE_RANGE is a call of Linux 5.9; before it, one by one.
void close_from_to(unsigned first, unsigned last) {
    if (first > last || ::syscall(SYS_close_range, first, last, 0) == 0) return;
    const unsigned most = static_cast<unsigned>(::sysconf(_SC_OPEN_MAX));
    for (unsigned each = first; each <= last && each < most; ++each) ::close(static_cast<int>(each));
}

/// Leaves the socket and standard error. A terminal as standard input would let a captured process read what is typed.
void close_all_but(int socket) {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO}) {
        if (stream == socket) continue;
        if (null < 0 || ::dup2(null, stream) < 0) ::close(stream);
    }
    const auto kept = static_cast<unsigned>(socket);
    close_from_to(STDERR_FILENO + 1, kept > STDERR_FILENO ? kept - 1 : STDERR_FILENO);
    close_from_to(kept > STDERR_FILENO ? kept + 1 : STDERR_FILENO + 1, ~0U);
}

bool lower(__rlimit_resource_t resource, rlim_t value) {
    const rlimit limit{value, value};
    return ::setrlimit(resource, &limit) == 0;
}

/// For a process started by root: all but the right to lock memory.
void drop_capabilities() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    if (::syscall(SYS_capget, &header, sets.data()) != 0) return;
    constexpr std::uint32_t kept = 1U << CAP_IPC_LOCK;
    sets[0] = {sets[0].effective & kept, sets[0].permitted & kept, 0};
    sets[1] = {};
    ::syscall(SYS_capset, &header, sets.data());
}

void allow_memory(SeccompFilter& filter) {
    filter.add(SCMP_ACT_ALLOW, {"brk", "munmap", "mremap", "madvise", "mlock", "mlock2", "munlock",
                                "memfd_secret", "ftruncate", "mincore"});
    for (const char* const call : {"mmap", "mmap2", "mprotect"})
        filter.add_if(SCMP_ACT_ALLOW, call, argument_lacks(2, PROT_EXEC));
}

void allow_work(SeccompFilter& filter) {
    filter.add(
        SCMP_ACT_ALLOW,
        {"read", "write", "readv", "writev", "recvfrom", "recvmsg", "sendto", "sendmsg", "recv", "send",
         "poll", "ppoll", "ppoll_time64", "shutdown", "close", "fstat", "fstat64", "lseek",
         // time, waiting, random bytes
         "clock_gettime", "clock_gettime64", "gettimeofday", "time", "clock_nanosleep", "nanosleep", "futex",
         "futex_time64", "sched_yield", "restart_syscall", "getrandom",
         // signals and the end
         "rt_sigreturn", "sigreturn", "rt_sigaction", "rt_sigprocmask", "sigaltstack", "exit", "exit_group",
         // what the C library asks of itself
         "getpid", "gettid", "getppid", "getuid", "geteuid", "set_robust_list", "rseq", "membarrier"});
    for (const int command : {F_GETFD, F_SETFD, F_GETFL, F_SETFL})
        filter.add_if(SCMP_ACT_ALLOW, "fcntl", argument_is(1, static_cast<std::uint32_t>(command)));
    // abort() signals its own thread; nobody else can be named.
    filter.add_if(SCMP_ACT_ALLOW, "tgkill", argument_is(0, static_cast<std::uint32_t>(::getpid())));
    filter.add_if(SCMP_ACT_ALLOW, "prctl", argument_is(0, PR_GET_DUMPABLE));
    // What secret_pages::stop_process() makes sure of before it aborts. Without these the end of a process whose canary is damaged
    // would look like an offence against this filter, and no alarm be raised.
    filter.add_if_all(SCMP_ACT_ALLOW, "prctl", {argument_is(0, PR_SET_DUMPABLE), argument_is(1, 0)});
    filter.add_if_all(SCMP_ACT_ALLOW, "prlimit64", {argument_is(0, 0), argument_is(1, RLIMIT_CORE)});
    filter.add_if(SCMP_ACT_ALLOW, "setrlimit", argument_is(0, RLIMIT_CORE));
    // The C library's fstat; allowing it by number would allow to look at any path.
    if constexpr (!sanitized_build && !coverage_build)
        filter.add(SCMP_ACT_ERRNO(EPERM), {"newfstatat", "statx"});
}

void allow_for_tests(SeccompFilter& filter) {
    if constexpr (sanitized_build) {
        filter.add(SCMP_ACT_ALLOW, {"openat",
                                    "readlink",
                                    "newfstatat",
                                    "getrlimit",
                                    "prlimit64",
                                    "prctl",
                                    "tgkill",
                                    "clone",
                                    "clone3",
                                    "ptrace",
                                    "wait4",
                                    "kill",
                                    "sched_getaffinity",
                                    "getdents64",
                                    "sysinfo",
                                    "process_vm_readv",
                                    "getrusage",
                                    "uname",
                                    "getcwd",
                                    "pipe2",
                                    "pipe",
                                    "ioctl",
                                    "dup",
                                    "dup2",
                                    "dup3",
                                    "fcntl",
                                    "personality",
                                    "arch_prctl"});
    }
    if constexpr (coverage_build) {
        filter.add(SCMP_ACT_ALLOW,
                   {"openat", "newfstatat", "mkdir", "fcntl", "unlink", "getcwd", "readlink", "ioctl"});
    }
}

}  // namespace

SandboxReport confine_key_process(int socket) {
    close_all_but(socket);
    drop_capabilities();
    if constexpr (!sanitized_build && !coverage_build) lower(RLIMIT_NPROC, 0);
    lower(RLIMIT_NOFILE, most_descriptors);
    SandboxReport report;
    if constexpr (!coverage_build) {
        landlock::Rules nothing;
        nothing.give_up_tcp = true;
        nothing.give_up_signals = true;
        nothing.give_up_abstract_sockets = true;
        if constexpr (sanitized_build) nothing.kept = {{"/", landlock::read_file | landlock::read_folder}};
        report.landlock = landlock::restrict_self(nothing);
    }
    SeccompFilter filter{SCMP_ACT_KILL_PROCESS};
    allow_work(filter);
    allow_memory(filter);
    allow_for_tests(filter);
    report.seccomp = filter.load();
    return report;
}

}  // namespace chat
