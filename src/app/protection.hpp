#pragma once
/// How each process of the program is protected: hardened first thing in main, confined when its helpers are started.

#include <optional>

#include "app/keys/held_keys.hpp"
#include "app/options.hpp"
#include "process_protection/hardening.hpp"
#include "process_protection/sandbox.hpp"

namespace chat {

struct Protection {
    Debugger debugger = Debugger::refused;
    HardeningReport report;
};

/// First in main, before the options are read: `--allow-debugger` and `--allow-hibernation` are looked for here. Helper
/// processes (`key-process`, `device-process`, `custody-process`) have no options; they learn it from the environment, which only
/// this program's own processes set for them.
/// Nothing, when the process is traced and that is refused; the line that says so was written to standard error.
[[nodiscard]] std::optional<Protection> protect_at_start(int argc, const char* const* argv);

/// One line on standard error for each thing the person should know.
void show_warnings(const Protection& protection);

/// What the network process may still touch in the file system, given what was asked for.
[[nodiscard]] NetworkProcessNeeds network_process_needs(const Options& options, const HeldKeys& keys);

}  // namespace chat
