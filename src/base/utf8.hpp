#pragma once
/// UTF-8 (RFC 3629), checked strictly: no overlong forms, no surrogates, nothing above U+10FFFF.

#include <optional>

#include "base/bytes.hpp"

namespace chat {

/// Takes the first character off `text`; empty, and `text` as it was, when it does not begin with a whole valid one.
[[nodiscard]] std::optional<char32_t> next_code_point(ByteView& text);

[[nodiscard]] bool is_utf8(ByteView text);

}  // namespace chat
