#pragma once
/// Which of this machine's addresses go into an invite, and in which order a peer should try them.

#include <vector>

#include "p2p_core/net_address.hpp"

namespace chat {

/// Addresses that only say something to a peer on the same link, or on this very machine.
enum class NearbyAddresses : u8 { leave_out, include };

struct AddressSelection {
    NearbyAddresses link_local = NearbyAddresses::leave_out;
    NearbyAddresses loopback = NearbyAddresses::leave_out;  ///< taken all the same when there is nothing else
};

/// Global IPv6, global IPv4, private, link-local, loopback; within one kind in the order given; each once.
/// Unusable ones are dropped.
[[nodiscard]] std::vector<IpAddress> select_addresses(const std::vector<IpAddress>& found,
                                                      AddressSelection selection = {});

}  // namespace chat
