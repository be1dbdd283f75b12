#pragma once
/// What protects identity keys while they are held, as the process that holds them found it.

#include <string>

#include "base/bytes.hpp"

namespace chat {

struct KeyProtection {
    bool own_process = false;      ///< not the process that talks to the network
    bool no_system_calls = false;  ///< seccomp: no network, no files, no programs
    u8 landlock = 0;               ///< the kernel's Landlock ABI; 0: none
    bool unreadable = false;       ///< not dumpable: other processes of the same user can't look in
    bool no_new_privileges = false;
    bool memory_locked = false;  ///< nothing that holds keys can be swapped out

    bool operator==(const KeyProtection&) const = default;
};

/// "in a process of their own, without network and files (seccomp, Landlock ABI 7), locked in memory, closed to debuggers", or what
/// of it is missing.
[[nodiscard]] std::string describe(const KeyProtection& protection);

}  // namespace chat
