#include "p2p_core/net_address.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

TEST(IpAddress, ReadsAndPrintsInOneForm) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"0.0.0.0", "0.0.0.0"},
        {"192.0.2.255", "192.0.2.255"},
        {"::", "::"},
        {"::1", "::1"},
        {"1::", "1::"},
        {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
        {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
        {"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
        {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
        {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
        {"64:ff9b::192.0.2.1", "64:ff9b::c000:201"},
        {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"::FFFF:c000:201", "192.0.2.1"},
        {"fe80::1%3", "fe80::1%3"},
        {"2001:db8::1%3", "2001:db8::1"},
    };
    for (const auto& [in, out] : cases) {
        const auto parsed = parse_ip(in);
        ASSERT_TRUE(parsed) << in;
        EXPECT_EQ(to_text(*parsed), out);
        EXPECT_EQ(parse_ip(out), parsed) << in;
    }
}

TEST(IpAddress, RefusesWhatIsNoAddress) {
    for (const char* text : {"",
                             " ",
                             "1",
                             "1.2.3",
                             "1.2.3.4.5",
                             "1.2.3.",
                             ".1.2.3",
                             "256.1.1.1",
                             "01.2.3.4",
                             "1.2.3.4 ",
                             "0x1.2.3.4",
                             "-1.2.3.4",
                             ":",
                             ":::",
                             "1:2:3:4:5:6:7",
                             "1:2:3:4:5:6:7:8:9",
                             "1::2::3",
                             "12345::",
                             "g::",
                             "1:2:3:4:5:6:7:8::",
                             "::1:2:3:4:5:6:7:8",
                             ":1:2:3:4:5:6:7:8",
                             "1:2:3:4:5:6:7:",
                             "1.2.3.4::",
                             "::1.2.3",
                             "::1.2.3.4:5",
                             "::1.2.3.256",
                             "1:2:3:4:5:6:7:1.2.3.4",
                             "fe80::1%",
                             "fe80::1%eth0",
                             "fe80::1%99999999999",
                             "::1%4294967296",
                             "[::1]"}) {
        EXPECT_FALSE(parse_ip(text)) << text;
    }
}

TEST(IpAddress, KnowsHowFarItReaches) {
    const std::vector<std::pair<std::string, AddressReach>> cases{
        {"8.8.8.8", AddressReach::global},
        {"10.255.0.1", AddressReach::private_network},
        {"11.0.0.1", AddressReach::global},
        {"100.63.255.255", AddressReach::global},
        {"100.64.0.0", AddressReach::private_network},
        {"100.127.255.255", AddressReach::private_network},
        {"100.128.0.0", AddressReach::global},
        {"127.0.0.1", AddressReach::loopback},
        {"169.254.1.1", AddressReach::link_local},
        {"172.15.255.255", AddressReach::global},
        {"172.31.255.255", AddressReach::private_network},
        {"172.32.0.0", AddressReach::global},
        {"192.168.0.1", AddressReach::private_network},
        {"192.0.2.1", AddressReach::unusable},
        {"198.19.0.1", AddressReach::unusable},
        {"224.0.0.1", AddressReach::unusable},
        {"255.255.255.255", AddressReach::unusable},
        {"0.0.0.0", AddressReach::unusable},
        {"::", AddressReach::unusable},
        {"::1", AddressReach::loopback},
        {"2a00::1", AddressReach::global},
        {"2001:db8::1", AddressReach::unusable},
        {"3fff:fff::1", AddressReach::unusable},
        {"3fff:1000::1", AddressReach::global},
        {"64:ff9b::1", AddressReach::global},
        {"fc00::1", AddressReach::private_network},
        {"fdff::1", AddressReach::private_network},
        {"fe80::1", AddressReach::link_local},
        {"febf::1", AddressReach::link_local},
        {"fec0::1", AddressReach::unusable},
        {"ff02::1", AddressReach::unusable},
        {"::ffff:10.0.0.1", AddressReach::private_network},
    };
    for (const auto& [text, reach] : cases) EXPECT_EQ(parse_ip(text)->reach(), reach) << text;
}

TEST(IpAddress, AScopeBelongsToLinkLocalAddressesOnly) {
    EXPECT_EQ(parse_ip("fe80::1%7")->scope(), 7U);
    EXPECT_NE(parse_ip("fe80::1%7"), parse_ip("fe80::1"));
    EXPECT_EQ(parse_ip("fd00::1%7"), parse_ip("fd00::1"));
}

TEST(SocketAddress, PrintsWithBracketsWhereNeeded) {
    EXPECT_EQ(to_text(SocketAddress{*parse_ip("192.0.2.1"), 80}), "192.0.2.1:80");
    EXPECT_EQ(to_text(SocketAddress{*parse_ip("2001:db8::1"), 65535}), "[2001:db8::1]:65535");
}

TEST(AddressReach, HasAWordForEach) {
    EXPECT_EQ(describe(AddressReach::global), "public");
    EXPECT_EQ(describe(AddressReach::private_network), "private network");
    EXPECT_EQ(describe(AddressReach::link_local), "this link only");
    EXPECT_EQ(describe(AddressReach::loopback), "this machine only");
    EXPECT_EQ(describe(AddressReach::unusable), "not usable");
}

}  // namespace
}  // namespace chat
