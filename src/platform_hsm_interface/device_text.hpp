#pragma once
/// Text that a device says about itself, made fit for a screen.

#include <string>

#include "base/bytes.hpp"

namespace chat {

/// Up to the first NUL, without blanks at both ends and with single ones inside, at most 64 bytes; what is not printable ASCII becomes '?'.
[[nodiscard]] std::string device_text(ByteView text);

}  // namespace chat
