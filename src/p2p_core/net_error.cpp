#include "p2p_core/net_error.hpp"

namespace chat {

std::string_view describe(NetError error) {
    switch (error) {
        case NetError::refused: return "connection refused";
        case NetError::timed_out: return "no answer in time";
        case NetError::host_unreachable: return "the host can't be reached";
        case NetError::network_unreachable: return "no route to that network";
        case NetError::reset: return "the other side broke the connection";
        case NetError::closed: return "the other side closed the connection";
        case NetError::name_not_found: return "the name has no address";
        case NetError::name_lookup_failed: return "the name couldn't be looked up";
        case NetError::unknown_interface: return "this machine has no interface of that name";
        case NetError::address_in_use: return "the port is in use by another program";
        case NetError::address_not_local: return "this machine doesn't have that address";
        case NetError::permission_denied: return "this machine doesn't permit it";
        case NetError::too_many_files: return "too many open files";
        case NetError::backlog_full: return "the other side takes data too slowly";
        case NetError::not_the_peer: return "connected, but it isn't the peer who answers there";
        case NetError::cancelled: return "given up";
        case NetError::unexpected: return "unexpected error of the system";
    }
    return "unknown error";
}

}  // namespace chat
