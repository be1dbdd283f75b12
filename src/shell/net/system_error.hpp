#pragma once
/// What the system says about a socket, in the program's own words.

#include <system_error>

#include "p2p_core/net_error.hpp"

namespace chat {

[[nodiscard]] NetError net_error_of(const std::error_code& code);

}  // namespace chat
