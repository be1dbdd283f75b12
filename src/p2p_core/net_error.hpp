#pragma once
/// Why a connection, a lookup or a socket failed. One enumerator for each thing a person can tell apart and
/// act on.

#include <string_view>

#include "base/bytes.hpp"

namespace chat {

enum class NetError : u8 {
    refused,              ///< nothing listens there, or a firewall says so
    timed_out,            ///< no answer before the deadline
    host_unreachable,     ///< a router or the neighbour table says so
    network_unreachable,  ///< no route: often no IPv6 (or IPv4) at all on this side
    reset,                ///< the other side broke the connection
    closed,               ///< the other side ended the connection
    name_not_found,       ///< the name has no address
    name_lookup_failed,   ///< the name server couldn't be asked
    unknown_interface,    ///< the zone of a link-local address names no interface here
    address_in_use,       ///< another program (or this one) holds the port
    address_not_local,    ///< --bind names an address this machine doesn't have
    permission_denied,    ///< a low port, or a firewall rule of this machine
    too_many_files,       ///< no file descriptor left
    backlog_full,         ///< more was queued for writing than the limit allows
    not_the_peer,         ///< connected, but what answers there isn't whom the invite names
    cancelled,            ///< given up by this side, for instance because another address won
    unexpected,           ///< anything the system reports that has no line of its own above
};

[[nodiscard]] std::string_view describe(NetError error);

}  // namespace chat
