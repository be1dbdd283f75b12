#pragma once
/// Everything that came from a peer or the network is cleaned here before it reaches a terminal or a file name: nothing in it
/// can move the cursor, change colours, reorder or hide other text, or begin a line of its own.

#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace chat {

/// Stands where a character was taken out.
inline constexpr std::string_view removed_mark = "\xEF\xBF\xBD";
/// Stands where a line break was, so that one message stays one line.
inline constexpr std::string_view line_break_mark = " \xE2\x86\xB5 ";

/// One line of valid UTF-8 without C0, C1, format, bidirectional, private-use, unassigned-plane and separator characters; tabs
/// become a space. Bytes that are not UTF-8 become removed_mark, one each.
[[nodiscard]] std::string clean_line(ByteView text);

/// A name that can stand in `<name>`: cleaned, without angle brackets, without space at its ends or repeated inside, and at most
/// 32 characters; `fallback` when nothing is left.
[[nodiscard]] std::string clean_name(std::string_view name, std::string_view fallback);

}  // namespace chat
