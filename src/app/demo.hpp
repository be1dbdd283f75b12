#pragma once
/// The one command a newcomer runs first: two real peers, two processes of this program with real sockets on loopback, shown side by
/// side. Everything it shows of the session is what the two say themselves.

#include "app/exit_code.hpp"
#include "app/options.hpp"
#include "shell/terminal/console.hpp"

namespace chat {

/// `program`: how this program was started. Lets the person type for either side when standard input is a terminal.
[[nodiscard]] ExitCode run_demo(Console& console, const Options& options, const char* program);

}  // namespace chat
