#include "p2p_core/net_address.hpp"

#include <charconv>

#include "p2p_core/text_scan.hpp"

namespace chat {

namespace {

constexpr std::size_t groups = 8;

struct Prefix {
    std::array<u8, 16> bytes;
    unsigned bits;
    AddressReach reach;
};

// The first that fits decides. RFC 6890, RFC 6598, RFC 4193, RFC 5737, RFC 3849, RFC 9637.
constexpr std::array<Prefix, 14> v4_prefixes{{
    {{0}, 8, AddressReach::unusable},
    {{10}, 8, AddressReach::private_network},
    {{100, 64}, 10, AddressReach::private_network},
    {{127}, 8, AddressReach::loopback},
    {{169, 254}, 16, AddressReach::link_local},
    {{172, 16}, 12, AddressReach::private_network},
    {{192, 0, 0}, 24, AddressReach::unusable},
    {{192, 0, 2}, 24, AddressReach::unusable},
    {{192, 168}, 16, AddressReach::private_network},
    {{198, 18}, 15, AddressReach::unusable},
    {{198, 51, 100}, 24, AddressReach::unusable},
    {{203, 0, 113}, 24, AddressReach::unusable},
    {{224}, 3, AddressReach::unusable},
    {{0}, 0, AddressReach::global},
}};
constexpr std::array<Prefix, 8> v6_prefixes{{
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, AddressReach::loopback},
    {{0xfe, 0x80}, 10, AddressReach::link_local},
    {{0xfc}, 7, AddressReach::private_network},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, AddressReach::unusable},
    {{0x3f, 0xff, 0x00}, 20, AddressReach::unusable},
    {{0x20}, 3, AddressReach::global},
    {{0x00, 0x64, 0xff, 0x9b}, 96, AddressReach::global},
    {{0}, 0, AddressReach::unusable},
}};

bool has_prefix(ByteView address, const Prefix& prefix) {
    const unsigned whole = prefix.bits / 8;
    const unsigned rest = prefix.bits % 8;
    if (!std::equal(prefix.bytes.begin(), prefix.bytes.begin() + whole, address.begin())) return false;
    if (rest == 0) return true;
    return ((address[whole] ^ prefix.bytes[whole]) >> (8 - rest)) == 0;
}

template <std::size_t N>
AddressReach reach_in(ByteView address, const std::array<Prefix, N>& prefixes) {
    const auto found = std::find_if(prefixes.begin(), prefixes.end(),
                                    [&](const Prefix& prefix) { return has_prefix(address, prefix); });
    return found->reach;  // the last one fits every address
}

std::optional<std::array<u8, 4>> parse_v4(std::string_view text) {
    std::array<u8, 4> out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (i > 0 && !take_prefix(text, ".")) return std::nullopt;
        const std::string_view digits = take_while(text, is_digit);
        const auto value = parse_number(digits, 255);
        if (!value || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
        out[i] = static_cast<u8>(*value);
    }
    if (!text.empty()) return std::nullopt;
    return out;
}

/// Up to 8 groups without "::", the last two perhaps in dotted decimal; the number of bytes written, or
/// nothing.
std::optional<std::size_t> parse_groups(std::string_view text, std::array<u8, 16>& out) {
    std::size_t used = 0;
    while (!text.empty()) {
        const std::size_t colon = text.find(':');
        const std::string_view group = text.substr(0, colon);
        if (group.find('.') != std::string_view::npos) {
            const auto v4 = parse_v4(text);
            if (!v4 || used + 4 > out.size()) return std::nullopt;
            std::copy(v4->begin(), v4->end(), out.begin() + static_cast<std::ptrdiff_t>(used));
            return used + 4;
        }
        const auto value = parse_hex16(group);
        if (!value || used + 2 > out.size()) return std::nullopt;
        out[used++] = static_cast<u8>(*value >> 8U);
        out[used++] = static_cast<u8>(*value);
        if (colon == std::string_view::npos) return used;
        text.remove_prefix(colon + 1);
        if (text.empty()) return std::nullopt;
    }
    return used;
}

std::optional<std::array<u8, 16>> parse_v6(std::string_view text) {
    std::array<u8, 16> head{};
    const std::size_t gap = text.find("::");
    if (gap == std::string_view::npos) {
        if (parse_groups(text, head) != head.size()) return std::nullopt;
        return head;
    }
    const std::string_view before = text.substr(0, gap);
    if (before.find('.') != std::string_view::npos) return std::nullopt;
    std::array<u8, 16> tail{};
    const auto head_size = parse_groups(before, head);
    const auto tail_size = parse_groups(text.substr(gap + 2), tail);
    if (!head_size || !tail_size || *head_size + *tail_size > head.size() - 2) return std::nullopt;
    std::copy_n(tail.begin(), *tail_size, head.end() - static_cast<std::ptrdiff_t>(*tail_size));
    return head;
}

u32 group_at(ByteView bytes, std::size_t group) {
    return (u32{bytes[2 * group]} << 8U) | bytes[2 * group + 1];
}

struct Run {
    std::size_t begin = 0;
    std::size_t size = 0;
};

/// RFC 5952 4.2: the first of the longest runs of zero groups, if it is longer than one.
Run longest_zero_run(ByteView bytes) {
    Run best;
    Run run;
    for (std::size_t i = 0; i < groups; ++i) {
        if (group_at(bytes, i) != 0) {
            run = {};
            continue;
        }
        if (run.size++ == 0) run.begin = i;
        if (run.size > best.size) best = run;
    }
    return best.size > 1 ? best : Run{groups, 0};
}

std::string v6_text(ByteView bytes) {
    const Run run = longest_zero_run(bytes);
    std::string out;
    for (std::size_t i = 0; i < groups;) {
        if (i == run.begin) {
            out += "::";
            i += run.size;
            continue;
        }
        if (!out.empty() && out.back() != ':') out += ':';
        std::array<char, 4> digits{};
        const auto end =
            std::to_chars(digits.data(), digits.data() + digits.size(), group_at(bytes, i), 16).ptr;
        out.append(digits.data(), end);
        ++i;
    }
    return out;
}

}  // namespace

IpAddress IpAddress::v4(const std::array<u8, 4>& bytes) {
    IpAddress out;
    std::copy(bytes.begin(), bytes.end(), out.bytes_.begin());
    return out;
}

IpAddress IpAddress::v6(const std::array<u8, 16>& bytes, u32 scope) {
    constexpr std::array<u8, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (std::equal(mapped.begin(), mapped.end(), bytes.begin())) {
        return v4({bytes[12], bytes[13], bytes[14], bytes[15]});
    }
    IpAddress out;
    out.family_ = IpFamily::v6;
    out.bytes_ = bytes;
    if (out.reach() == AddressReach::link_local) out.scope_ = scope;
    return out;
}

AddressReach IpAddress::reach() const {
    return family_ == IpFamily::v4 ? reach_in(bytes(), v4_prefixes) : reach_in(bytes(), v6_prefixes);
}

std::optional<IpAddress> parse_ip(std::string_view text) {
    if (const auto v4 = parse_v4(text)) return IpAddress::v4(*v4);
    const std::size_t percent = text.find('%');
    const auto v6 = parse_v6(text.substr(0, percent));
    if (!v6) return std::nullopt;
    if (percent == std::string_view::npos) return IpAddress::v6(*v6);
    const auto scope = parse_number(text.substr(percent + 1), 0xFFFFFFFFU);
    if (!scope) return std::nullopt;
    return IpAddress::v6(*v6, static_cast<u32>(*scope));
}

std::string to_text(const IpAddress& address) {
    const ByteView bytes = address.bytes();
    if (address.family() == IpFamily::v6) {
        const std::string zone = address.scope() == 0 ? "" : "%" + std::to_string(address.scope());
        return v6_text(bytes) + zone;
    }
    std::string out = std::to_string(bytes[0]);
    for (u8 byte : bytes.subspan(1)) out += "." + std::to_string(byte);
    return out;
}

std::string to_text(const SocketAddress& address) {
    const std::string ip = to_text(address.ip);
    const std::string host = address.ip.family() == IpFamily::v6 ? "[" + ip + "]" : ip;
    return host + ":" + std::to_string(address.port);
}

std::string_view describe(AddressReach reach) {
    switch (reach) {
        case AddressReach::global: return "public";
        case AddressReach::private_network: return "private network";
        case AddressReach::link_local: return "this link only";
        case AddressReach::loopback: return "this machine only";
        case AddressReach::unusable: return "not usable";
    }
    return "unknown";
}

}  // namespace chat
