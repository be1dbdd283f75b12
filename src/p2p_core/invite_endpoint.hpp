#pragma once
/// The places an invite names where B may be reached (docs/protocol.md 2).

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/wire_reader.hpp"
#include "p2p_core/net_address.hpp"

namespace chat {

/// The numbers are those on the wire.
enum class EndpointKind : u8 { ipv4 = 1, ipv6 = 2, dns = 3, onion = 4, turn = 5 };

/// One place. `ip` belongs to ipv4 and ipv6 (a scope is not part of an invite, since it means nothing on another machine), `name` to
/// the other kinds: a host name (dns, turn), or the 56 lower-case characters of a v3 onion address without ".onion".
struct Endpoint {
    static constexpr std::size_t max_name = 253;
    static constexpr std::size_t onion_name = 56;

    EndpointKind kind{};
    IpAddress ip;
    std::string name;
    u16 port = 0;

    static Endpoint address(const SocketAddress& where);
    static Endpoint dns(std::string_view name, u16 port);
    static Endpoint onion(std::string_view name, u16 port);
    static Endpoint turn(std::string_view name, u16 port);

    bool operator==(const Endpoint&) const = default;
};

/// Whether the endpoint can stand in an invite: a port other than 0, an address of its kind (not a v4-mapped one), a valid host
/// name, an onion address whose version is 3 and whose checksum is right.
[[nodiscard]] bool is_valid(const Endpoint& endpoint);

/// "192.0.2.1:4000", "[2001:db8::1]:4000", "name:4000", "....onion:4000", "turn:name:4000"; for the screen.
[[nodiscard]] std::string to_text(const Endpoint& endpoint);

/// The field as it stands in an invite: kind u8 | address | port u16. The address is 4 or 16 bytes (ipv4, ipv6), length u8 and that
/// many characters (dns, turn), or 35 bytes: key 32, checksum 2, version 1 (onion). The endpoint must be valid.
void append_encoded(Bytes& out, const Endpoint& endpoint);

/// Reads one; an endpoint that is not valid when anything about it is wrong.
[[nodiscard]] Endpoint read_endpoint(WireReader& in);

}  // namespace chat
