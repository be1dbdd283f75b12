#pragma once
/// What a person types for a place to connect to: `HOST:PORT` with a name or an IPv4 address, `[v6]:PORT`,
/// `[v6%zone]:PORT`.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "p2p_core/net_address.hpp"

namespace chat {

enum class HostPortError : u8 {
    empty,
    too_long,
    missing_port,
    bad_port,
    unclosed_bracket,
    bad_ipv6,
    bare_ipv6,
    bad_zone,
    bad_host_name,
};
[[nodiscard]] std::string_view describe(HostPortError error);

/// A name still to be looked up, or an address. Exactly one of `ip` and `name` is set.
struct HostPort {
    std::optional<IpAddress> ip;
    std::string name;  ///< lower case, at most 253 characters
    std::string
        zone;  ///< interface name of a v6 address, which only the shell can turn into an index; empty if none
    u16 port = 0;
    bool operator==(const HostPort&) const = default;
};

enum class PortRule : u8 { required, optional };

/// Parses `text`. With PortRule::optional, `default_port` stands in for a missing one ("stun.example.org").
[[nodiscard]] Result<HostPort, HostPortError> parse_host_port(std::string_view text,
                                                              PortRule rule = PortRule::required,
                                                              u16 default_port = 0);

/// A name as RFC 1123 has it: labels of 1 to 63 letters, digits, hyphens (and underscores), 253 at most, and
/// not all digits at its end, so that a mistyped IPv4 address is never looked up.
[[nodiscard]] bool is_host_name(std::string_view name);

[[nodiscard]] HostPort host_port(const SocketAddress& address);
[[nodiscard]] std::string to_text(const HostPort& place);

}  // namespace chat
