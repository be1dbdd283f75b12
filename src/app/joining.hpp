#pragma once
/// Becoming a guest: where the invite comes from, and where it leads.

#include "app/chat.hpp"
#include "p2p_core/invite.hpp"

namespace chat {

/// Reads the invite as the options say (argument, file, standard input, or by asking) and begins to dial. An error is one line
/// and an exit code. `own`: fingerprints of this program's identities.
[[nodiscard]] ExitCode begin_joining(Environment& environment, Console& console, Options& options, Chat& chat,
                                     int input);

/// Begins to dial without an invite.
[[nodiscard]] ExitCode begin_connecting(Console& console, const Options& options, Chat& chat);

}  // namespace chat
