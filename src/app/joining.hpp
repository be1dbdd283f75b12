#pragma once
/// Becoming a guest: where the invite comes from, and where it leads.

#include "app/chat/chat.hpp"
#include "p2p_core/invite.hpp"

namespace chat {

/// Reads the invite as the options say: argument, file, standard input, or by asking. On failure one line was shown. It blocks, so
/// it comes before anything that takes signals or the terminal over.
[[nodiscard]] std::optional<Invite> read_invite(Console& console, Options& options, int input);

/// Reads an invite (or whatever was pasted) from `input`: more lines of a wrapped one come at once or not at all.
[[nodiscard]] SecretBuffer read_pasted(int input);

/// Begins to dial. An error is one line and an exit code.
[[nodiscard]] ExitCode begin_joining(const Invite& invite, Environment& environment, Console& console,
                                     const Options& options, Chat& chat);

/// Begins to dial without an invite.
[[nodiscard]] ExitCode begin_connecting(Console& console, const Options& options, Chat& chat);

}  // namespace chat
