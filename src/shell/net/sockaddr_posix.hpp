#pragma once
/// Addresses in the system's terms, for the platform's own files.

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <optional>

#include "p2p_core/net_address.hpp"

namespace chat {

/// Empty for null and for families other than IPv4 and IPv6.
[[nodiscard]] inline std::optional<IpAddress> ip_of(const sockaddr* address) {
    if (address == nullptr) return std::nullopt;
    if (address->sa_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, address, sizeof in);
        std::array<u8, 4> bytes{};
        std::memcpy(bytes.data(), &in.sin_addr, bytes.size());
        return IpAddress::v4(bytes);
    }
    if (address->sa_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, address, sizeof in);
        std::array<u8, 16> bytes{};
        std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
        return IpAddress::v6(bytes, in.sin6_scope_id);
    }
    return std::nullopt;
}

}  // namespace chat
