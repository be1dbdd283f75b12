#include "p2p_core/address_selection.hpp"

#include <algorithm>

namespace chat {

namespace {

/// Place in the order of address_selection.hpp; a global IPv6 address comes before a global IPv4 one, since
/// the latter more often stands behind a translator.
int rank(const IpAddress& address) {
    switch (address.reach()) {
        case AddressReach::global: return address.family() == IpFamily::v6 ? 0 : 1;
        case AddressReach::private_network: return 2;
        case AddressReach::link_local: return 3;
        case AddressReach::loopback: return 4;
        case AddressReach::unusable: return 5;
    }
    return 5;
}

bool wanted(const IpAddress& address, const AddressSelection& selection) {
    switch (address.reach()) {
        case AddressReach::global:
        case AddressReach::private_network: return true;
        case AddressReach::link_local: return selection.link_local == NearbyAddresses::include;
        case AddressReach::loopback: return selection.loopback == NearbyAddresses::include;
        case AddressReach::unusable: return false;
    }
    return false;
}

std::vector<IpAddress> pick(const std::vector<IpAddress>& found, const AddressSelection& selection) {
    std::vector<IpAddress> out;
    for (const IpAddress& address : found) {
        const bool is_new = std::find(out.begin(), out.end(), address) == out.end();
        if (is_new && wanted(address, selection)) out.push_back(address);
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const IpAddress& a, const IpAddress& b) { return rank(a) < rank(b); });
    return out;
}

}  // namespace

std::vector<IpAddress> select_addresses(const std::vector<IpAddress>& found, AddressSelection selection) {
    std::vector<IpAddress> out = pick(found, selection);
    if (!out.empty()) return out;
    selection.loopback = NearbyAddresses::include;
    return pick(found, selection);
}

}  // namespace chat
