#pragma once
/// The guided start: shows the public addresses, offers what can be done, and leads into the chat.

#include "app/environment.hpp"
#include "app/options.hpp"
#include "shell/terminal/console.hpp"

namespace chat {

/// What the person chose; the command is listen, join or connect, or guided for leaving.
[[nodiscard]] Options run_guide(Environment& environment, Console& console, Options options, int input);

}  // namespace chat
