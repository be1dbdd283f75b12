#pragma once
/// Where the running program's file is. One implementation per platform.

#include <string>

namespace chat {

/// `fallback` (argv[0]) where the system can't tell.
[[nodiscard]] std::string path_of_this_program(const char* fallback);

}  // namespace chat
