#pragma once
/// How many cells of a terminal a character takes. A table of our own, because the C library's answer depends on the locale.

namespace chat {

/// 0 for combining characters, 2 for wide ones, else 1. Control characters are not to be drawn at all (sanitize.hpp).
[[nodiscard]] unsigned cell_width(char32_t character);

}  // namespace chat
