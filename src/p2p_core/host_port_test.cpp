#include "p2p_core/host_port.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

TEST(HostPort, ReadsEachForm) {
    const auto name = parse_host_port("Peer.Example:7000");
    ASSERT_TRUE(name);
    EXPECT_FALSE(name->ip);
    EXPECT_EQ(name->name, "peer.example");
    EXPECT_EQ(name->port, 7000);

    const auto v4 = parse_host_port("192.0.2.1:1");
    ASSERT_TRUE(v4);
    EXPECT_EQ(v4->ip, parse_ip("192.0.2.1"));
    EXPECT_TRUE(v4->name.empty());

    const auto v6 = parse_host_port("[2001:db8::1]:65535");
    ASSERT_TRUE(v6);
    EXPECT_EQ(v6->ip, parse_ip("2001:db8::1"));
    EXPECT_EQ(v6->port, 65535);

    const auto zoned = parse_host_port("[fe80::1%eth0.5]:80");
    ASSERT_TRUE(zoned);
    EXPECT_EQ(zoned->ip, parse_ip("fe80::1"));
    EXPECT_EQ(zoned->zone, "eth0.5");

    EXPECT_TRUE(parse_host_port("localhost:80"));
    EXPECT_TRUE(parse_host_port("a_b.example:80"));
    EXPECT_TRUE(parse_host_port("1.example:80"));
}

TEST(HostPort, PrintsWhatItRead) {
    for (const char* text :
         {"peer.example:7000", "192.0.2.1:1", "[2001:db8::1]:65535", "[fe80::1%eth0]:80"}) {
        const auto parsed = parse_host_port(text);
        ASSERT_TRUE(parsed) << text;
        EXPECT_EQ(to_text(*parsed), text);
    }
    EXPECT_EQ(to_text(host_port({*parse_ip("192.0.2.1"), 5})), "192.0.2.1:5");
}

TEST(HostPort, TakesADefaultPortWhereAllowed) {
    EXPECT_EQ(parse_host_port("stun.example", PortRule::optional, 3478)->port, 3478);
    EXPECT_EQ(parse_host_port("stun.example:5", PortRule::optional, 3478)->port, 5);
    EXPECT_EQ(parse_host_port("[::1]", PortRule::optional, 3478)->port, 3478);
    EXPECT_EQ(parse_host_port("stun.example:", PortRule::optional, 3478).error(),
              HostPortError::missing_port);
}

TEST(HostPort, NamesEachMistake) {
    const std::vector<std::pair<std::string, HostPortError>> cases{
        {"", HostPortError::empty},
        {std::string(260, 'a'), HostPortError::too_long},
        {"peer.example", HostPortError::missing_port},
        {"peer.example:", HostPortError::missing_port},
        {"[::1]", HostPortError::missing_port},
        {"[::1]:", HostPortError::missing_port},
        {"peer.example:0", HostPortError::bad_port},
        {"peer.example:65536", HostPortError::bad_port},
        {"peer.example:80a", HostPortError::bad_port},
        {"peer.example: 80", HostPortError::bad_port},
        {"peer.example:+80", HostPortError::bad_port},
        {"peer.example:99999999999999999999", HostPortError::bad_port},
        {"[::1]80", HostPortError::bad_port},
        {"[::1", HostPortError::unclosed_bracket},
        {"[]:80", HostPortError::bad_ipv6},
        {"[peer]:80", HostPortError::bad_ipv6},
        {"[192.0.2.1]:80", HostPortError::bad_ipv6},
        {"[::1::]:80", HostPortError::bad_ipv6},
        {"::1:80", HostPortError::bare_ipv6},
        {"fe80::1%eth0:80", HostPortError::bare_ipv6},
        {"[fe80::1%]:80", HostPortError::bad_zone},
        {"[fe80::1%a b]:80", HostPortError::bad_zone},
        {"[fe80::1%0123456789abcdef]:80", HostPortError::bad_zone},
        {"[2001:db8::1%eth0]:80", HostPortError::bad_zone},
        {"[::ffff:169.254.1.1%eth0]:80", HostPortError::bad_zone},
        {":80", HostPortError::bad_host_name},
        {"pe er:80", HostPortError::bad_host_name},
        {"-peer:80", HostPortError::bad_host_name},
        {"peer-.example:80", HostPortError::bad_host_name},
        {"peer..example:80", HostPortError::bad_host_name},
        {"192.0.2.256:80", HostPortError::bad_host_name},
        {"192.0.2:80", HostPortError::bad_host_name},
        {std::string(64, 'a') + ":80", HostPortError::bad_host_name},
        {"p\xc3\xa4r.example:80", HostPortError::bad_host_name},
    };
    for (const auto& [text, error] : cases) {
        const auto parsed = parse_host_port(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error(), error) << text << ": " << describe(parsed.error());
    }
}

TEST(HostName, IsAtMost253CharactersLong) {
    std::string name;
    for (int i = 0; i < 4; ++i) name += std::string(62, 'a') + ".";
    EXPECT_TRUE(is_host_name(name + "a"));
    EXPECT_FALSE(is_host_name(name + "aa"));
}

}  // namespace
}  // namespace chat
