#pragma once
/// How a passphrase or PIN comes in: typed at the terminal without echo, as a line on a descriptor, or from an askpass program. Never from
/// an argument or the environment. It goes straight into guarded memory. One implementation per platform.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace chat {

enum class PassphraseError : u8 {
    no_terminal,     ///< nobody to ask: no terminal, no descriptor, no program
    ended,           ///< the input ended before a line
    not_readable,    ///< the descriptor is not open for reading
    too_long,        ///< more than max_typed_passphrase bytes
    askpass_failed,  ///< the program could not be started, or said no
};
/// One line for the user.
[[nodiscard]] std::string_view describe(PassphraseError error);

inline constexpr std::size_t max_typed_passphrase = 1024;

struct PassphraseSource {
    std::optional<int> descriptor;  ///< a line for each time that is asked
    std::string askpass;  ///< gets the prompt as its argument, gives the line on its standard output
};

/// Descriptor, program, terminal: the first that there is. At the terminal the echo comes back on every way out, signals
/// included, which then do what they always do.
[[nodiscard]] Result<SecretBuffer, PassphraseError> ask_passphrase(const PassphraseSource& source,
                                                                   std::string_view prompt);

}  // namespace chat
