#pragma once
/// What every process of the program does to itself before it touches a secret: no core dumps, not readable by other processes of the
/// same user, no new privileges, files for the owner only, no environment that may hold a secret or steer a library. One
/// implementation per platform.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "process_protection/environment_variables.hpp"

namespace chat {

/// Whether a debugger may watch. Allowed: the process stays dumpable, so that one can also be attached later.
enum class Debugger : std::uint8_t { refused, allowed };

enum class HardeningError : std::uint8_t {
    traced,  ///< a debugger or tracer was attached before the program began
};
/// One line for the user, with what to do.
[[nodiscard]] std::string_view describe(HardeningError error);

/// What really holds, as the system confirmed it.
struct HardeningReport {
    bool core_dumps_off = false;
    bool unreadable_by_others = false;  ///< not dumpable (Linux), attaching denied (macOS)
    bool no_new_privileges = false;
    bool traced = false;              ///< only with Debugger::allowed
    std::uint64_t locked_memory = 0;  ///< bytes that may be locked in RAM; unlimited_memory: no limit
};
inline constexpr std::uint64_t unlimited_memory = UINT64_MAX;
/// What a session with all its keys locks, with room to spare (docs/hardening.md has the measurement).
inline constexpr std::uint64_t wanted_locked_memory = 4 * 1024 * 1024;

/// Call first in main, before any thread and any secret. The one failure is that of Debugger::refused while being traced; what the
/// system doesn't give is no failure but stands in the report.
[[nodiscard]] Result<HardeningReport, HardeningError> harden_process(Debugger debugger);

/// Bytes that this process may lock in RAM, now; unlimited_memory: no limit.
[[nodiscard]] std::uint64_t lockable_memory();

/// Whether a debugger is attached now. Cheap enough to ask once a second; works in a confined network process.
[[nodiscard]] bool is_traced();

/// What the person should know, one text a line: traced, dumpable, too little locked memory, each with the fix. Empty: all is well.
[[nodiscard]] std::string warnings(const HardeningReport& report, Debugger debugger);

}  // namespace chat
