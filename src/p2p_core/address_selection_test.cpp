#include "p2p_core/address_selection.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

std::vector<IpAddress> ips(const std::vector<std::string>& texts) {
    std::vector<IpAddress> out;
    for (const std::string& text : texts) out.push_back(*parse_ip(text));
    return out;
}

const std::vector<IpAddress> everything =
    ips({"127.0.0.1", "::1", "fe80::1%2", "192.168.1.2", "8.8.4.4", "2a00::2", "0.0.0.0", "fd00::7",
         "2a00::1", "169.254.1.1", "8.8.4.4", "192.0.2.1"});

TEST(AddressSelection, RanksByReachAndFamily) {
    EXPECT_EQ(select_addresses(everything), ips({"2a00::2", "2a00::1", "8.8.4.4", "192.168.1.2", "fd00::7"}));
}

TEST(AddressSelection, AddsNearbyOnesWhenAsked) {
    EXPECT_EQ(select_addresses(everything, {NearbyAddresses::include, NearbyAddresses::include}),
              ips({"2a00::2", "2a00::1", "8.8.4.4", "192.168.1.2", "fd00::7", "fe80::1%2", "169.254.1.1",
                   "127.0.0.1", "::1"}));
}

TEST(AddressSelection, TakesLoopbackWhenThereIsNothingElse) {
    EXPECT_EQ(select_addresses(ips({"127.0.0.1", "fe80::1", "::1"})), ips({"127.0.0.1", "::1"}));
    EXPECT_TRUE(select_addresses(ips({"0.0.0.0", "ff02::1"})).empty());
}

}  // namespace
}  // namespace chat
