#pragma once
/// Asking at a terminal before the loop runs. One implementation per platform.

#include <chrono>
#include <string>

#include "base/bytes.hpp"

namespace chat {

struct LineRead {
    std::size_t bytes = 0;  ///< with the line end, if there was one
    bool ended = false;     ///< end of input
};
/// Blocks for one line, at most room.size() bytes, and takes nothing that comes after it.
[[nodiscard]] LineRead read_line(int descriptor, MutableByteView room);

/// Whether more input comes within `patience`.
[[nodiscard]] bool more_is_waiting(int descriptor, std::chrono::milliseconds patience);

[[nodiscard]] bool is_terminal(int descriptor);

}  // namespace chat
