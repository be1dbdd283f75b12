#include <ifaddrs.h>
#include <net/if.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "shell/net/local_addresses.hpp"
#include "shell/net/sockaddr_posix.hpp"
#include "shell/net/system_error.hpp"

namespace chat {

namespace {

// Flags of an address as /proc/net/if_inet6 shows them (linux/if_addr.h).
constexpr unsigned flag_temporary = 0x01;
constexpr unsigned flag_failed = 0x08;
constexpr unsigned flag_deprecated = 0x20;
constexpr unsigned flag_tentative = 0x40;

std::array<u8, 16> v6_bytes(const std::string& digits) {
    std::array<u8, 16> out{};
    for (std::size_t i = 0; i < out.size() && 2 * i + 1 < digits.size(); ++i) {
        out[i] = static_cast<u8>(std::stoul(digits.substr(2 * i, 2), nullptr, 16));
    }
    return out;
}

/// Each line: 32 hexadecimal digits, interface index, prefix length, scope, flags (hexadecimal), interface
/// name.
std::map<std::array<u8, 16>, unsigned> read_v6_flags(std::istream& file) {
    std::map<std::array<u8, 16>, unsigned> out;
    std::string line;
    while (std::getline(file, line)) {
        std::istringstream in{line};
        std::string digits;
        unsigned index = 0;
        unsigned prefix = 0;
        unsigned scope = 0;
        unsigned flags = 0;
        in >> digits >> std::hex >> index >> prefix >> scope >> flags;
        const bool hex = digits.find_first_not_of("0123456789abcdef") == std::string::npos;
        if (in && hex && digits.size() == 32) out[v6_bytes(digits)] = flags;
    }
    return out;
}

unsigned flags_of(const IpAddress& ip, const std::map<std::array<u8, 16>, unsigned>& known) {
    if (ip.family() == IpFamily::v4) return 0;
    std::array<u8, 16> bytes{};
    std::copy(ip.bytes().begin(), ip.bytes().end(), bytes.begin());
    const auto found = known.find(bytes);
    return found == known.end() ? 0 : found->second;
}

}  // namespace

Result<std::vector<IpAddress>, NetError> local_addresses() {
    ifaddrs* raw = nullptr;
    if (getifaddrs(&raw) != 0) return fail(net_error_of({errno, std::generic_category()}));
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> list{raw, &freeifaddrs};
    std::ifstream file{"/proc/net/if_inet6"};  // may be missing: then every address counts as usable
    const auto known = read_v6_flags(file);

    std::vector<IpAddress> lasting;
    std::vector<IpAddress> out;
    for (const ifaddrs* entry = list.get(); entry != nullptr; entry = entry->ifa_next) {
        const auto ip = ip_of(entry->ifa_addr);
        if (!ip || (entry->ifa_flags & IFF_UP) == 0) continue;
        const unsigned flags = flags_of(*ip, known);
        if ((flags & (flag_failed | flag_deprecated | flag_tentative)) != 0) continue;
        ((flags & flag_temporary) != 0 ? out : lasting).push_back(*ip);
    }
    out.insert(out.end(), lasting.begin(), lasting.end());
    return out;
}

std::optional<u32> interface_index(const std::string& zone) {
    if (const u32 named = if_nametoindex(zone.c_str()); named != 0) return named;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (zone.empty() || zone.size() > 9 || !std::all_of(zone.begin(), zone.end(), digit)) return std::nullopt;
    const auto index = static_cast<u32>(std::stoul(zone));
    std::array<char, IF_NAMESIZE> name{};
    if (if_indextoname(index, name.data()) == nullptr) return std::nullopt;
    return index;
}

}  // namespace chat
