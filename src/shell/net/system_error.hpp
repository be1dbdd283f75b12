#pragma once
/// What the system says about a socket, in the program's own words.

#include <system_error>

#include "p2p_core/net_error.hpp"

namespace chat {

/// `code` is an errno in whatever category: asio has one of its own, which doesn't compare with std::errc.
[[nodiscard]] NetError net_error_of(const std::error_code& code);

/// The same for connecting and sending: there, an address this machine doesn't have means that it has none of
/// that kind, and an invalid argument is a link-local address without its interface.
[[nodiscard]] NetError connect_error_of(const std::error_code& code);

}  // namespace chat
