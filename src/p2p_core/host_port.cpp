#include "p2p_core/host_port.hpp"

#include <algorithm>

#include "p2p_core/text_scan.hpp"

namespace chat {

namespace {

constexpr std::size_t max_name = 253;
constexpr std::size_t max_label = 63;
constexpr std::size_t max_zone = 15;  // IFNAMSIZ - 1
// The longest name, its port; brackets, address and zone are shorter.
constexpr std::size_t max_text = max_name + 6;

using Parsed = Result<HostPort, HostPortError>;

bool is_label(std::string_view label) {
    const auto fits = [](char c) { return is_ascii_letter(c) || is_digit(c) || c == '-' || c == '_'; };
    return !label.empty() && label.size() <= max_label && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), fits);
}

bool is_zone(std::string_view zone) {
    const auto fits = [](char c) {
        return is_ascii_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '@';
    };
    return !zone.empty() && zone.size() <= max_zone && std::all_of(zone.begin(), zone.end(), fits);
}

/// What follows the host: nothing, or a colon and a port.
Result<u16, HostPortError> parse_port(std::string_view text, PortRule rule, u16 default_port) {
    if (text.empty() && rule == PortRule::optional) return default_port;
    if (text.empty()) return fail(HostPortError::missing_port);
    if (!take_prefix(text, ":")) return fail(HostPortError::bad_port);
    if (text.empty()) return fail(HostPortError::missing_port);
    const auto port = parse_number(text, 65535);
    if (!port || *port == 0) return fail(HostPortError::bad_port);
    return static_cast<u16>(*port);
}

Parsed parse_bracketed(std::string_view text, PortRule rule, u16 default_port) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return fail(HostPortError::unclosed_bracket);
    const std::string_view inside = text.substr(1, close - 1);
    const std::size_t percent = inside.find('%');
    HostPort out;
    out.ip = parse_ip(inside.substr(0, percent));
    if (!out.ip || inside.find(':') == std::string_view::npos) return fail(HostPortError::bad_ipv6);
    if (percent != std::string_view::npos) {
        const std::string_view zone = inside.substr(percent + 1);
        // A v4-mapped one has become the IPv4 address it stands for.
        const bool scoped = out.ip->family() == IpFamily::v6 && out.ip->reach() == AddressReach::link_local;
        if (!scoped || !is_zone(zone)) return fail(HostPortError::bad_zone);
        out.zone = zone;
    }
    const auto port = parse_port(text.substr(close + 1), rule, default_port);
    if (!port) return fail(port.error());
    out.port = *port;
    return out;
}

}  // namespace

std::string_view describe(HostPortError error) {
    switch (error) {
        case HostPortError::empty: return "an address is needed: HOST:PORT or [IPv6]:PORT";
        case HostPortError::too_long: return "this is longer than any address";
        case HostPortError::missing_port: return "the port is missing: HOST:PORT";
        case HostPortError::bad_port: return "the port must be a number from 1 to 65535";
        case HostPortError::unclosed_bracket: return "the closing ] after the IPv6 address is missing";
        case HostPortError::bad_ipv6: return "what stands between the brackets is no IPv6 address";
        case HostPortError::bare_ipv6: return "an IPv6 address needs brackets: [ADDRESS]:PORT";
        case HostPortError::bad_zone:
            return "only a link-local IPv6 address has a zone, the name of an interface";
        case HostPortError::bad_host_name: return "this is neither a host name nor an IPv4 address";
    }
    return "unknown error";
}

bool is_host_name(std::string_view name) {
    if (name.empty() || name.size() > max_name) return false;
    std::string_view label;
    while (true) {
        const std::size_t dot = name.find('.');
        label = name.substr(0, dot);
        if (!is_label(label)) return false;
        if (dot == std::string_view::npos) break;
        name.remove_prefix(dot + 1);
    }
    return !std::all_of(label.begin(), label.end(), is_digit);
}

Parsed parse_host_port(std::string_view text, PortRule rule, u16 default_port) {
    if (text.empty()) return fail(HostPortError::empty);
    if (text.size() > max_text) return fail(HostPortError::too_long);
    if (text.front() == '[') return parse_bracketed(text, rule, default_port);
    if (std::count(text.begin(), text.end(), ':') > 1) return fail(HostPortError::bare_ipv6);
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view host = text.substr(0, colon);
    HostPort out;
    out.ip = parse_ip(host);
    if (!out.ip) {
        if (!is_host_name(host)) return fail(HostPortError::bad_host_name);
        std::transform(host.begin(), host.end(), std::back_inserter(out.name), ascii_lower);
    }
    const auto port = parse_port(text.substr(colon), rule, default_port);
    if (!port) return fail(port.error());
    out.port = *port;
    return out;
}

HostPort host_port(const SocketAddress& address) {
    HostPort out;
    out.ip = address.ip;
    out.port = address.port;
    return out;
}

std::string to_text(const HostPort& place) {
    if (place.ip && place.zone.empty()) return to_text(SocketAddress{*place.ip, place.port});
    const std::string port = ":" + std::to_string(place.port);
    if (place.ip) return "[" + to_text(*place.ip) + "%" + place.zone + "]" + port;
    return place.name + port;
}

}  // namespace chat
