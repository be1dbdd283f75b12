#pragma once
/// The system's name lookup. One file per platform.

#include <string>
#include <vector>

#include "base/result.hpp"
#include "p2p_core/net_address.hpp"
#include "p2p_core/net_error.hpp"

namespace chat {

/// Blocks for as long as the system likes. Addresses of both families in the system's order of preference
/// (RFC 6724).
[[nodiscard]] Result<std::vector<IpAddress>, NetError> system_lookup(const std::string& name);

}  // namespace chat
