#pragma once
/// What a process gives up once it has started, so that an attacker who takes it over holds little: system calls (seccomp) and the
/// file system (Landlock). Nothing comes back. One implementation per platform; where a system has neither, the report says so.
///
/// A forbidden call that nothing legitimate makes ends the process at once with SIGSYS.

#include <cstdint>
#include <string>
#include <vector>

namespace chat {

/// What really holds in this process.
struct SandboxReport {
    bool seccomp = false;
    int landlock = 0;  ///< the kernel's Landlock ABI; 0: there is none, or it refused
};
/// "seccomp, Landlock (ABI 7)" or "none".
[[nodiscard]] std::string describe(const SandboxReport& report);

/// For the process that holds identity keys; on its only thread, when all it needs is set up. Afterwards: `socket` and standard
/// error, memory that is never executable, random bytes, the clock. No file, no socket, no process, no thread. Closes every other
/// descriptor (standard input and output become /dev/null), and lets no more than 64 be open.
SandboxReport confine_key_process(int socket);

/// For the process that talks to a TPM or a token, on its first thread before others start: files and devices stay, and local
/// (AF_UNIX) sockets; no other sockets, no programs, no looking into other processes.
SandboxReport confine_device_process();

/// Paths must exist; one that doesn't is left out. A folder stands for all beneath it.
struct NetworkProcessNeeds {
    std::vector<std::string> writable;  ///< files, or folders in which files are made, replaced and deleted
    std::vector<std::string> readable;  ///< beside what name resolution and terminals need
};
/// For the process that talks to the network: after its helper processes were started, before its threads start (Landlock holds for
/// the calling thread and those it starts; seccomp for all).
SandboxReport confine_network_process(const NetworkProcessNeeds& needs);

}  // namespace chat
