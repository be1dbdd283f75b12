#pragma once
/// IP addresses and transport addresses as values, without any of the system's socket types.

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace chat {

enum class IpFamily : u8 { v4, v6 };

/// How far an address reaches (RFC 6890 and the registries behind it).
enum class AddressReach : u8 {
    global,
    private_network,  ///< RFC 1918, RFC 6598 (carrier NAT), RFC 4193 (unique local)
    link_local,
    loopback,
    unusable,  ///< unspecified, multicast, broadcast, documentation: nobody answers there
};

class IpAddress {
  public:
    /// 0.0.0.0
    IpAddress() = default;
    static IpAddress v4(const std::array<u8, 4>& bytes);
    /// `scope` is the interface index of a link-local address, otherwise 0. A v4-mapped address
    /// (::ffff:a.b.c.d) becomes the IPv4 address it stands for, so that one host has one form.
    static IpAddress v6(const std::array<u8, 16>& bytes, u32 scope = 0);

    [[nodiscard]] IpFamily family() const { return family_; }
    /// 4 or 16 bytes in network order.
    [[nodiscard]] ByteView bytes() const { return ByteView{bytes_}.first(family_ == IpFamily::v4 ? 4 : 16); }
    [[nodiscard]] u32 scope() const { return scope_; }
    [[nodiscard]] AddressReach reach() const;

    auto operator<=>(const IpAddress&) const = default;

  private:
    IpFamily family_ = IpFamily::v4;
    std::array<u8, 16> bytes_{};
    u32 scope_ = 0;
};

/// Dotted decimal, or the text forms of RFC 4291 2.2 with or without a zone given as a number. Nothing else:
/// no octal, no short forms, no surrounding space.
[[nodiscard]] std::optional<IpAddress> parse_ip(std::string_view text);

/// RFC 5952; the scope, if any, as "%number".
[[nodiscard]] std::string to_text(const IpAddress& address);

struct SocketAddress {
    IpAddress ip;
    u16 port = 0;
    auto operator<=>(const SocketAddress&) const = default;
};

/// "192.0.2.1:80" or "[2001:db8::1]:80".
[[nodiscard]] std::string to_text(const SocketAddress& address);

/// One reach as a word for the screen.
[[nodiscard]] std::string_view describe(AddressReach reach);

}  // namespace chat
