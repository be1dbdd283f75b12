#pragma once
/// A QR code as lines of half-block characters, for a terminal.

#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace chat {

/// Dark on light, with the quiet zone; two modules a character high. Nothing when `text` is too long for a QR code or for
/// `most_columns`.
[[nodiscard]] std::optional<std::string> qr_code(ByteView text, std::size_t most_columns);

}  // namespace chat
