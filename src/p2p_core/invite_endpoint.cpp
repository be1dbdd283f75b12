#include "p2p_core/invite_endpoint.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "base/wire_writer.hpp"
#include "crypto/base32.hpp"
#include "crypto/hash.hpp"
#include "p2p_core/host_port.hpp"

namespace chat {
namespace {

// Tor's rend-spec-v3, "Encoding onion addresses": base32(key 32 | checksum 2 | version 1).
constexpr std::size_t onion_key_size = 32;
constexpr std::size_t onion_checksum_size = 2;
constexpr std::size_t onion_size = onion_key_size + onion_checksum_size + 1;
constexpr u8 onion_version = 3;
constexpr std::string_view onion_checksum_prefix = ".onion checksum";
static_assert(base32_encoded_size(onion_size) == Endpoint::onion_name);

using OnionBytes = std::array<u8, onion_size>;

template <char First, char Last, int Distance>
std::string shift_case(std::string_view text) {
    std::string out{text};
    for (char& c : out) {
        if (c >= First && c <= Last) c = static_cast<char>(c + Distance);
    }
    return out;
}

std::string lower(std::string_view text) { return shift_case<'A', 'Z', 'a' - 'A'>(text); }

std::string upper(std::string_view text) { return shift_case<'a', 'z', 'A' - 'a'>(text); }

bool is_lower(std::string_view text) { return lower(text) == text; }

/// All zero, which is no onion address, when the name is not base32 of the right length.
OnionBytes onion_bytes(std::string_view name) {
    OnionBytes out{};
    if (name.size() != Endpoint::onion_name || !base32_decode(upper(name), out)) out.fill(0);
    return out;
}

bool is_onion(std::string_view name) {
    const OnionBytes bytes = onion_bytes(name);
    const ByteView key = ByteView{bytes}.first(onion_key_size);
    const ByteView checksum = ByteView{bytes}.subspan(onion_key_size, onion_checksum_size);
    const u8 version = bytes.back();
    const auto digest = sha3_256({bytes_of(onion_checksum_prefix), key, {&version, 1}});
    return version == onion_version && std::equal(checksum.begin(), checksum.end(), digest.bytes.begin());
}

bool is_relay_name(std::string_view name) { return is_host_name(name) || parse_ip(name).has_value(); }

bool has_address(const Endpoint& endpoint, IpFamily family) {
    return endpoint.name.empty() && endpoint.ip.family() == family;
}

Endpoint named(EndpointKind kind, std::string_view name, u16 port) {
    Endpoint out;
    out.kind = kind;
    out.name = lower(name);
    out.port = port;
    return out;
}

IpAddress read_ip(WireReader& in, EndpointKind kind) {
    if (kind == EndpointKind::ipv4) {
        std::array<u8, 4> bytes{};
        in.read_into(bytes);
        return IpAddress::v4(bytes);
    }
    std::array<u8, 16> bytes{};
    in.read_into(bytes);
    return IpAddress::v6(bytes);
}

std::string read_name(WireReader& in, EndpointKind kind) {
    if (kind == EndpointKind::onion) {
        OnionBytes bytes{};
        in.read_into(bytes);
        return lower(base32_encode(bytes));
    }
    const ByteView name = in.read(in.read_u8());
    return {name.begin(), name.end()};
}

}  // namespace

Endpoint Endpoint::address(const SocketAddress& where) {
    Endpoint out;
    out.kind = where.ip.family() == IpFamily::v4 ? EndpointKind::ipv4 : EndpointKind::ipv6;
    out.ip = where.ip;
    out.port = where.port;
    return out;
}

Endpoint Endpoint::dns(std::string_view name, u16 port) { return named(EndpointKind::dns, name, port); }

Endpoint Endpoint::onion(std::string_view name, u16 port) { return named(EndpointKind::onion, name, port); }

Endpoint Endpoint::turn(std::string_view name, u16 port) { return named(EndpointKind::turn, name, port); }

bool is_valid(const Endpoint& endpoint) {
    if (endpoint.port == 0 || endpoint.name.size() > Endpoint::max_name || !is_lower(endpoint.name))
        return false;
    switch (endpoint.kind) {
        case EndpointKind::ipv4: return has_address(endpoint, IpFamily::v4);
        case EndpointKind::ipv6: return has_address(endpoint, IpFamily::v6);
        case EndpointKind::dns: return is_host_name(endpoint.name);
        case EndpointKind::onion: return is_onion(endpoint.name);
        case EndpointKind::turn: return is_relay_name(endpoint.name);
    }
    return false;
}

std::string to_text(const Endpoint& endpoint) {
    const std::string port = ":" + std::to_string(endpoint.port);
    switch (endpoint.kind) {
        case EndpointKind::ipv4:
        case EndpointKind::ipv6: return to_text(SocketAddress{endpoint.ip, endpoint.port});
        case EndpointKind::dns: return endpoint.name + port;
        case EndpointKind::onion: return endpoint.name + ".onion" + port;
        case EndpointKind::turn: return "turn:" + endpoint.name + port;
    }
    return "unknown";
}

void append_encoded(Bytes& out, const Endpoint& endpoint) {
    assert(is_valid(endpoint));
    out.push_back(static_cast<u8>(endpoint.kind));
    switch (endpoint.kind) {
        case EndpointKind::ipv4:
        case EndpointKind::ipv6: append(out, endpoint.ip.bytes()); break;
        case EndpointKind::dns:
        case EndpointKind::turn:
            out.push_back(static_cast<u8>(endpoint.name.size()));
            append(out, bytes_of(endpoint.name));
            break;
        case EndpointKind::onion: append(out, onion_bytes(endpoint.name)); break;
    }
    std::array<u8, 2> port{};
    WireWriter{port}.write_u16(endpoint.port);
    append(out, port);
}

Endpoint read_endpoint(WireReader& in) {
    Endpoint out;
    const u8 kind = in.read_u8();
    if (kind < static_cast<u8>(EndpointKind::ipv4) || kind > static_cast<u8>(EndpointKind::turn)) return {};
    out.kind = static_cast<EndpointKind>(kind);
    if (out.kind == EndpointKind::ipv4 || out.kind == EndpointKind::ipv6) {
        out.ip = read_ip(in, out.kind);
    } else {
        out.name = read_name(in, out.kind);
    }
    out.port = in.read_u16();
    return out;
}

}  // namespace chat
