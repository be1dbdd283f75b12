#pragma once
/// The path under which this program can be started again. One implementation per platform.

#include <string>

namespace chat {

[[nodiscard]] std::string this_program();

}  // namespace chat
