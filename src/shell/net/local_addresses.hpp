#pragma once
/// This machine's own addresses, as the system lists them; p2p_core/address_selection.hpp ranks them. One
/// file per platform.

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "p2p_core/net_address.hpp"
#include "p2p_core/net_error.hpp"

namespace chat {

/// Addresses of interfaces that are up; IPv6 addresses that aren't usable yet or should not be given out any
/// more (tentative, duplicate, deprecated) are left out, temporary ones come before lasting ones.
[[nodiscard]] Result<std::vector<IpAddress>, NetError> local_addresses();

/// Index of the interface named (or numbered) `zone`.
[[nodiscard]] std::optional<u32> interface_index(const std::string& zone);

}  // namespace chat
