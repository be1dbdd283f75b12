#include "process_protection/hardening.hpp"
#include "process_protection/machine_linux.hpp"

namespace chat {
namespace {

using enum FacilityState;

Facility locked_memory(const KernelAnswers& kernel) {
    Facility out{"locked-memory", "locked memory", good, "", ""};
    const std::uint64_t amount = kernel.locked_memory;
    out.meaning = amount == unlimited_memory
                      ? "any amount may be locked in RAM: keys never reach the swap space"
                      : std::to_string(amount / 1024) + " KiB may be locked in RAM";
    if (amount >= wanted_locked_memory) return out;
    out.state = amount == 0 ? missing : weak;
    out.meaning += ", " + std::to_string(wanted_locked_memory / 1024) +
                   " are wanted: keys beyond that may reach the swap space";
    out.hint =
        "add the line \"* hard memlock 8192\" to /etc/security/limits.conf (a container: --ulimit "
        "memlock=8388608) and log in again";
    return out;
}

Facility memfd_secret(const KernelAnswers& kernel) {
    if (kernel.memfd_secret) {
        return {"memfd-secret", "secret memory", good,
                "memfd_secret: keys lie in pages that the kernel itself does not map", ""};
    }
    return {"memfd-secret", "secret memory", missing,
            "no memfd_secret: keys lie in ordinary locked pages, which root and a faulty kernel can read",
            "Linux 5.14 or later; before 6.5 boot with secretmem.enable=1"};
}

Facility seccomp(const KernelAnswers& kernel) {
    if (kernel.seccomp) {
        return {"seccomp", "seccomp", good,
                "each process can do only what its task needs; the key process can't open anything", ""};
    }
    return {"seccomp", "seccomp", missing,
            "the kernel, or a container's policy, has no seccomp filters: a process that is taken over can "
            "do what "
            "you can do",
            "a kernel with CONFIG_SECCOMP_FILTER; a container: allow the seccomp system call"};
}

Facility landlock_row(const KernelAnswers& kernel) {
    Facility out{"landlock", "Landlock", good, "", ""};
    const std::string version = "ABI " + std::to_string(kernel.landlock);
    if (kernel.landlock == 0) {
        out.state = missing;
        out.meaning = "no Landlock: the file system stays open to the process that talks to the network";
        out.hint = "Linux 5.13 or later with landlock among the names of the boot option lsm=";
    } else if (kernel.landlock < 4) {
        out.state = weak;
        out.meaning = version + ": files are fenced off, TCP (ABI 4) is not; seccomp does that part";
        out.hint = "Linux 6.7 or later";
    } else {
        out.meaning = version + ": files" + (kernel.landlock >= 6 ? ", TCP and signals" : " and TCP") +
                      " are fenced off; nothing is written to disk that was not asked for";
    }
    return out;
}

Facility ptrace_scope(const Machine& machine) {
    Facility out{"ptrace-scope", "ptrace scope", good, "", ""};
    const auto scope = machine.read("/proc/sys/kernel/yama/ptrace_scope");
    if (!scope) {
        out.state = missing;
        out.meaning =
            "no Yama: any program of yours can debug any other, your terminal for one; this program forbids "
            "it for itself";
        out.hint = "a kernel with CONFIG_SECURITY_YAMA and yama among the names of the boot option lsm=";
    } else if (*scope == "0") {
        out.state = weak;
        out.meaning =
            "0: any program of yours can debug any other, your terminal for one; this program forbids it "
            "for itself";
        out.hint = "sudo sysctl -w kernel.yama.ptrace_scope=1";
    } else {
        out.meaning = *scope + ": programs can't debug one another" +
                      (*scope == "1" ? " unless one started the other" : "");
    }
    return out;
}

Facility core_dumps(const Machine& machine) {
    Facility out{"core-dumps", "crash dumps", good, "", ""};
    const auto pattern = machine.read("/proc/sys/kernel/core_pattern");
    if (!pattern) {
        out.state = unknown;
        out.meaning = "this program never leaves one; of other programs nothing is known";
    } else if (pattern->starts_with('|')) {
        const auto words = words_of(pattern->substr(1));
        out.state = weak;
        out.meaning =
            "this program never leaves one; those of others, your terminal with the chat in it for one, go "
            "to " +
            (words.empty() ? "a program" : words.front());
        out.hint =
            "systemd: Storage=none in /etc/systemd/coredump.conf; others: sudo sysctl -w "
            "kernel.core_pattern=core";
    } else {
        out.meaning = "this program never leaves one; others only where ulimit -c allows it";
    }
    return out;
}

}  // namespace

void survey_kernel(const Machine& machine, std::vector<Facility>& out) {
    out.push_back(locked_memory(machine.kernel()));
    out.push_back(memfd_secret(machine.kernel()));
    out.push_back(seccomp(machine.kernel()));
    out.push_back(landlock_row(machine.kernel()));
    out.push_back(ptrace_scope(machine));
    out.push_back(core_dumps(machine));
}

}  // namespace chat
