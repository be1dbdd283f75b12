#include "process_protection/deny_list_linux.hpp"

#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>

#include "process_protection/flavour.hpp"

namespace chat {
namespace {

constexpr std::uint32_t kill = SCMP_ACT_KILL_PROCESS;
constexpr std::uint32_t refuse = SCMP_ACT_ERRNO(EPERM);

/// Sanitizers start a symbolizer, and look at their own threads, before they report.
void deny_other_processes(SeccompFilter& filter) {
    if constexpr (!sanitized_build) {
        filter.add(kill,
                   {"execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "personality"});
    }
    filter.add(kill,
               {"kcmp", "pidfd_getfd", "process_madvise", "process_mrelease", "move_pages", "migrate_pages"});
    // clone3 keeps its flags where a filter can't look; on ENOSYS the C library uses clone.
    filter.add(SCMP_ACT_ERRNO(ENOSYS), {"clone3"});
    for (const int flag : {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS,
                           CLONE_NEWCGROUP})
        filter.add_if(kill, "clone", argument_has(0, static_cast<std::uint64_t>(flag)));
}

void deny_the_kernel(SeccompFilter& filter) {
    filter.add(kill, {"bpf",
                      "perf_event_open",
                      "userfaultfd",
                      "io_uring_setup",
                      "io_uring_enter",
                      "io_uring_register",
                      "kexec_load",
                      "kexec_file_load",
                      "init_module",
                      "finit_module",
                      "delete_module",
                      "create_module",
                      "add_key",
                      "keyctl",
                      "request_key",
                      "lookup_dcookie",
                      "modify_ldt",
                      "iopl",
                      "ioperm",
                      "syslog",
                      "reboot",
                      "swapon",
                      "swapoff",
                      "acct",
                      "quotactl",
                      "quotactl_fd",
                      "vhangup",
                      "settimeofday",
                      "clock_settime",
                      "clock_settime64",
                      "stime",
                      "sethostname",
                      "setdomainname",
                      "fanotify_init",
                      "fanotify_mark",
                      "nfsservctl",
                      "uselib",
                      "_sysctl",
                      "sysfs",
                      "ustat"});
    filter.add(kill, {"mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree",
                      "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "setns", "unshare",
                      "open_by_handle_at", "name_to_handle_at"});
    // Typing into one's own terminal is a way out of a sandbox: the shell reads it afterwards.
    filter.add_if(kill, "ioctl", argument_is(1, TIOCSTI));
    filter.add_if(kill, "ioctl", argument_is(1, 0x541C /* TIOCLINUX */));
}

/// Libraries that are loaded later (name services, token modules) map their code read-only; nothing writes what it executes.
void deny_executable_memory(SeccompFilter& filter) {
    for (const char* const call : {"mmap", "mmap2", "mprotect", "pkey_mprotect"})
        filter.add_if(refuse, call, argument_has(2, PROT_WRITE | PROT_EXEC));
    filter.add_if(refuse, "shmat", argument_has(2, 0100000 /* SHM_EXEC */));
}

}  // namespace

void deny_what_nothing_needs(SeccompFilter& filter) {
    deny_other_processes(filter);
    deny_the_kernel(filter);
    deny_executable_memory(filter);
}

void deny_socket_families_but(SeccompFilter& filter, std::initializer_list<unsigned> allowed) {
    constexpr unsigned more_than_there_are = 64;
    for (unsigned family = 0; family < more_than_there_are; ++family) {
        if (std::find(allowed.begin(), allowed.end(), family) != allowed.end()) continue;
        filter.add_if(refuse, "socket", argument_is(0, family));
        filter.add_if(refuse, "socketpair", argument_is(0, family));
    }
}

}  // namespace chat
