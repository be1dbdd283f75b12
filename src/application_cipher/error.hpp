#pragma once
/// Why the application cipher refused a record.

#include <string_view>

#include "base/bytes.hpp"

namespace chat {

enum class ApplicationCipherError : u8 {
    no_key,   ///< no key for this epoch and number: used, dropped, or of a chain that does not exist
    bad_tag,  ///< the key does not open it
};

/// One line for the user.
[[nodiscard]] std::string_view describe(ApplicationCipherError error);

}  // namespace chat
