#pragma once
/// Landlock (Linux 5.13 and later): rights to the file system, to TCP ports and to other processes that a thread, and all that it
/// starts, gives up. Documentation/userspace-api/landlock.rst of the kernel; rights that this kernel does not know are left out.

#include <cstdint>
#include <string>
#include <vector>

namespace chat::landlock {

/// The ABI of this kernel, 0 when there is none or it is switched off.
[[nodiscard]] int abi();

/// The kernel's bits, LANDLOCK_ACCESS_FS_*; spelled out here because the system's header may be older than its kernel.
using Access = std::uint64_t;
inline constexpr Access execute = 1U << 0;
inline constexpr Access write_file = 1U << 1;
inline constexpr Access read_file = 1U << 2;
inline constexpr Access read_folder = 1U << 3;
inline constexpr Access remove_file = 1U << 5;
inline constexpr Access make_file = 1U << 8;
inline constexpr Access truncate = 1U << 14;
inline constexpr Access device_control = 1U << 15;
inline constexpr Access everything = (1U << 16) - 1;

struct Rule {
    std::string path;
    Access access = 0;
};

struct Rules {
    Access given_up = everything;  ///< but for `kept`
    std::vector<Rule> kept;
    bool give_up_tcp = false;      ///< connecting and binding; ABI 4
    bool give_up_signals = false;  ///< to processes outside; ABI 6
    bool give_up_abstract_sockets =
        false;  ///< connecting to those of processes outside (X11, old D-Bus); ABI 6
};

/// For the calling thread and what it starts from now on. The ABI that holds, 0 when the kernel has none. A path that can't be
/// opened is left out, which gives less, never more.
int restrict_self(const Rules& rules);

}  // namespace chat::landlock
