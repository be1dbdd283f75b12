#include "p2p_core/invite.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/wire_writer.hpp"
#include "crypto/base32.hpp"
#include "crypto/hash.hpp"
#include "crypto/info.hpp"
#include "support/seeded_rng.hpp"

namespace chat {
namespace {

using namespace std::chrono_literals;
using test::SeededRng;

constexpr std::string_view onion_name = "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad";

SocketAddress socket(std::string_view ip, u16 port) { return {parse_ip(ip).value(), port}; }

Invite sample(u64 seed = 1) {
    SeededRng rng{seed};
    Invite out;
    out.use = InviteUse::reusable;
    out.expiry = 29'400'000;
    out.endpoints = {Endpoint::address(socket("192.0.2.7", 40123)),
                     Endpoint::address(socket("2001:db8::7", 40124)), Endpoint::dns("Host.Example", 443),
                     Endpoint::onion(onion_name, 9735), Endpoint::turn("turn.example.org", 3478)};
    out.host = rng.bytes<Fingerprint>();
    out.secret = rng.secret<PresharedSecret>();
    return out;
}

std::string text_of(const Invite& invite) {
    const auto encoded = encode(invite);
    EXPECT_TRUE(encoded.has_value());
    const ByteView bytes = encoded->expose();
    return {bytes.begin(), bytes.end()};
}

void expect_same(const Invite& a, const Invite& b) {
    EXPECT_EQ(a.use, b.use);
    EXPECT_EQ(a.expiry, b.expiry);
    EXPECT_EQ(a.endpoints, b.endpoints);
    EXPECT_EQ(a.host, b.host);
    EXPECT_TRUE(a.secret.equals(b.secret));
}

void expect_reads(const std::string& text, const Invite& wanted) {
    const auto read = decode_invite(bytes_of(text));
    ASSERT_TRUE(read.has_value()) << describe(read.error()) << "\n" << text;
    expect_same(*read, wanted);
}

void expect_refused(std::string_view text, InviteError wanted) {
    const auto read = decode_invite(bytes_of(text));
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_EQ(read.error(), wanted) << describe(read.error()) << "\n" << text;
}

/// An invite text with whatever `fields` are in front of a right checksum.
std::string with_checksum(Bytes fields) {
    std::array<u8, 4> label_size{};
    std::array<u8, 4> fields_size{};
    WireWriter{label_size}.write_u32(static_cast<u32>(info::invite_checksum.size()));
    WireWriter{fields_size}.write_u32(static_cast<u32>(fields.size()));
    const auto digest = sha256({label_size, bytes_of(info::invite_checksum), fields_size, fields});
    append(fields, ByteView{digest.bytes}.first(4));
    return "P2P1:" + base32_encode(fields);
}

/// Version, flags, expiry, count, the given endpoints, fingerprint, secret.
Bytes fields(u8 version, u8 flags, u8 count, const Bytes& endpoints, u8 secret_byte = 7) {
    Bytes out = {version, flags, 0, 0, 0, 9, count};
    append(out, endpoints);
    append(out, Bytes(32, 5));
    append(out, Bytes(32, secret_byte));
    return out;
}

TEST(Invite, RoundTripKeepsEveryField) {
    expect_reads(text_of(sample()), sample());
    Invite bare = sample();
    bare.use = InviteUse::single;
    bare.endpoints.clear();
    EXPECT_EQ(text_of(bare).size(), 5U + 120U);
    expect_reads(text_of(bare), bare);
}

TEST(Invite, HasTheDocumentedBytes) {
    // docs/protocol/02-invite.md, worked example.
    Invite invite;
    invite.expiry = 0x01020304;
    invite.endpoints = {Endpoint::address(socket("192.0.2.1", 0x1234)), Endpoint::dns("a.b", 1)};
    invite.host.bytes.fill(0xAA);
    for (u8& byte : invite.secret.expose_mutable()) byte = 0xBB;
    Bytes expected = {1, 0, 1, 2, 3, 4, 2, 1, 192, 0, 2, 1, 0x12, 0x34, 3, 3, 'a', '.', 'b', 0, 1};
    append(expected, Bytes(32, 0xAA));
    append(expected, Bytes(32, 0xBB));
    EXPECT_EQ(text_of(invite), with_checksum(expected));
    // Computed apart from this code, with Python's hashlib and base64.
    EXPECT_EQ(text_of(invite),
              "P2P1:AEAACAQDAQBADQAAAIARENADANQS4YQAAGVKVKVKVKVKVKVKVKVKVKVKVKVKVKVKVKVKVKVKVKV"
              "KVKVKVKVKVO53XO53XO53XO53XO53XO53XO53XO53XO53XO53XO53XO53XO53QHUO7XY");
}

TEST(Invite, LongestOneFitsTheLimit) {
    const std::string label(61, 'x');
    const std::string name = label + "." + label + "." + label + "." + label + ".yyyyy";
    ASSERT_EQ(name.size(), Endpoint::max_name);
    Invite invite = sample();
    invite.endpoints.assign(Invite::max_endpoints, Endpoint::dns(name, 65535));
    EXPECT_EQ(text_of(invite).size(), 6705U);
    expect_reads(text_of(invite), invite);
}

TEST(Invite, ReadsWhatChatProgramsMakeOfIt) {
    const Invite invite = sample();
    const std::string text = text_of(invite);
    const std::string body = text.substr(5);
    std::string small = text;
    for (char& c : small) c = static_cast<char>(std::tolower(c));
    expect_reads(small, invite);
    expect_reads(body, invite);
    expect_reads("P2P1" + body, invite);
    expect_reads("p2p1 : " + small.substr(5), invite);
    expect_reads("  \t" + text + " \r\n\n", invite);
    expect_reads("> " + text.substr(0, 40) + "\r\n> " + text.substr(40, 70) + "\n> \n>> " + text.substr(110),
                 invite);
    expect_reads("`" + text + "`", invite);
    expect_reads("```\n" + text + "\n```", invite);
    expect_reads("**" + text + "**", invite);
    expect_reads("<" + text + ">", invite);
    expect_reads("\"" + text + "\"", invite);
    expect_reads("(" + text + ").", invite);
    expect_reads("||" + text + "||", invite);
    expect_reads(text.substr(0, 72) + "=\r\n" + text.substr(72), invite);
    expect_reads("\xE2\x80\x9C" + text + "\xE2\x80\x9D", invite);          // “ ”
    expect_reads("\xC2\xAB\xC2\xA0" + text + "\xC2\xA0\xC2\xBB", invite);  // « » with no-break spaces
    expect_reads("\xE2\x80\x9E" + text + "\xE2\x80\x9F", invite);          // „ ‟
    expect_reads("\xEF\xBB\xBF" + text, invite);                           // byte order mark
    expect_reads("On Monday, \xC3\x84nne wrote:\n> " + text, invite);
    expect_reads("https://chat.example/join#" + text, invite);
}

TEST(Invite, IgnoresInvisibleCharactersBetweenAnyTwo) {
    const Invite invite = sample();
    const std::string text = text_of(invite);
    for (const char* between :
         {" ", "\n", "\r\n", "\t", "\xC2\xA0", "\xC2\xAD", "\xE2\x80\x8B", "\xE2\x80\x8D", "\xE2\x80\xA8",
          "\xE2\x81\xA0", "\xEF\xBB\xBF", "\xE2\x80\x89", "\xE3\x80\x80", "\xE2\x80\xAE", "\xEF\xB8\x8F",
          "\xF3\xA0\x80\xA0", "\xE1\xA0\x8E", "\xE2\x94\x82", "\0"}) {
        std::string spread;
        for (char c : text) spread += std::string{c} + between;
        expect_reads(spread, invite);
    }
}

TEST(Invite, ReadsFullWidthAndLookAlikeDigits) {
    Invite invite = sample();
    std::string text = text_of(invite);
    std::string wide;
    for (char c : text) {
        wide += "\xEF";
        const auto offset = static_cast<unsigned>(c) - 0x21U + 0xFF01U;
        wide += static_cast<char>(0x80U | ((offset >> 6U) & 0x3FU));
        wide += static_cast<char>(0x80U | (offset & 0x3FU));
    }
    expect_reads(wide, invite);
    for (std::size_t i = 5; i < text.size(); ++i) {
        if (text[i] == 'O') text[i] = '0';
        if (text[i] == 'B') text[i] = '8';
    }
    EXPECT_NE(text, text_of(invite));
    expect_reads(text, invite);
}

TEST(Invite, EveryChangedCharacterIsMistyped) {
    const std::string text = text_of(sample());
    for (std::size_t i = 5; i < text.size(); ++i) {
        for (const char replacement : {'A', 'Q', '7', '1', '9', ':', '?'}) {
            if (text[i] == replacement) continue;
            std::string changed = text;
            changed[i] = replacement;
            expect_refused(changed, InviteError::mistyped);
        }
    }
}

TEST(Invite, EveryLostDoubledOrSwappedCharacterIsMistyped) {
    const std::string text = text_of(sample());
    for (std::size_t i = 5; i < text.size(); ++i) {
        std::string lost = text;
        lost.erase(i, 1);
        expect_refused(lost, InviteError::mistyped);
        std::string doubled = text;
        doubled.insert(i, 1, text[i]);
        expect_refused(doubled, InviteError::mistyped);
        std::string swapped = text;
        if (i + 1 < text.size() && text[i] != text[i + 1]) {
            std::swap(swapped[i], swapped[i + 1]);
            expect_refused(swapped, InviteError::mistyped);
        }
    }
    for (std::size_t size = 5; size < text.size(); ++size) {
        expect_refused(text.substr(0, size), InviteError::mistyped);
    }
    expect_refused(text + " and then some words", InviteError::mistyped);
    expect_refused(text.substr(5, 122), InviteError::mistyped);
}

TEST(Invite, WhatIsNoInviteIsCalledThat) {
    expect_refused("", InviteError::not_an_invite);
    expect_refused(" \n", InviteError::not_an_invite);
    expect_refused("hello", InviteError::not_an_invite);
    expect_refused("https://example.org/", InviteError::not_an_invite);
    expect_refused("192.0.2.1:4000", InviteError::not_an_invite);
    expect_refused(std::string(200, '9'), InviteError::not_an_invite);
    expect_refused(std::string(7000, 'A'), InviteError::not_an_invite);
    expect_refused("\xFF\xFE\xC0\x80" + std::string(150, 'A'), InviteError::not_an_invite);
    expect_refused(text_of(sample()).substr(5, 100), InviteError::not_an_invite);
}

TEST(Invite, TooLongTextIsNotLookedAt) {
    expect_refused("P2P1:" + std::string(6701, 'A'), InviteError::too_long);
    expect_refused(std::string(max_invite_text + 1, ' '), InviteError::too_long);
    expect_reads(std::string(max_invite_text - text_of(sample()).size(), ' ') + text_of(sample()), sample());
}

TEST(Invite, ForeignVersionIsNamed) {
    expect_refused("P2P2:ABC", InviteError::foreign_version);
    expect_refused("> p2p12:" + text_of(sample()).substr(5), InviteError::foreign_version);
    expect_refused(with_checksum(fields(2, 0, 0, {})), InviteError::foreign_version);
    expect_refused(with_checksum(fields(0, 0, 0, {})), InviteError::foreign_version);
}

TEST(Invite, UnknownFlagIsRefused) {
    for (u8 flag = 2; flag != 0; flag = static_cast<u8>(flag << 1U)) {
        expect_refused(with_checksum(fields(1, flag, 0, {})), InviteError::unknown_flags);
    }
}

TEST(Invite, WrongLengthIsRefused) {
    const Bytes endpoint = {1, 192, 0, 2, 1, 0x12, 0x34};
    expect_refused(with_checksum(fields(1, 0, 0, endpoint)), InviteError::wrong_length);
    expect_refused(with_checksum(fields(1, 0, 2, endpoint)), InviteError::bad_endpoint);
    Bytes short_one = fields(1, 0, 1, endpoint);
    short_one.pop_back();
    expect_refused(with_checksum(short_one), InviteError::wrong_length);
    Bytes runs_out = fields(1, 0, 1, {3, 200, 'a'});
    expect_refused(with_checksum(runs_out), InviteError::wrong_length);
}

TEST(Invite, ZeroSecretIsRefusedBothWays) {
    expect_refused(with_checksum(fields(1, 0, 0, {}, 0)), InviteError::zero_secret);
    Invite invite = sample();
    invite.secret = PresharedSecret{};
    EXPECT_EQ(encode(invite).error(), InviteError::zero_secret);
}

TEST(Invite, TooManyEndpointsAreRefusedBothWays) {
    Bytes endpoints;
    for (int i = 0; i < 17; ++i) append(endpoints, Bytes{1, 192, 0, 2, 1, 0x12, 0x34});
    expect_refused(with_checksum(fields(1, 0, 17, endpoints)), InviteError::too_many_endpoints);
    Invite invite = sample();
    invite.endpoints.assign(17, invite.endpoints.front());
    EXPECT_EQ(encode(invite).error(), InviteError::too_many_endpoints);
}

TEST(Invite, BadEndpointsAreRefused) {
    const std::vector<Bytes> bad = {
        {0, 192, 0, 2, 1, 0x12, 0x34},                                            // unknown kind
        {6, 192, 0, 2, 1, 0x12, 0x34},                                            // unknown kind
        {1, 192, 0, 2, 1, 0, 0},                                                  // port 0
        {2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 1, 0x12, 0x34},  // IPv4 in IPv6's clothes
        {3, 0, 0x12, 0x34},                                                       // no name
        {3, 3, 'a', ' ', 'b', 0x12, 0x34},
        {3, 3, 'A', '.', 'b', 0x12, 0x34},  // not canonical
        {3, 3, 'a', '\n', 'b', 0x12, 0x34},
        {3, 3, '1', '.', '2', 0x12, 0x34},
        {5, 3, '-', '/', 'b', 0x12, 0x34},
    };
    for (const Bytes& endpoint : bad) {
        expect_refused(with_checksum(fields(1, 0, 1, endpoint)), InviteError::bad_endpoint);
    }
    Bytes onion(38, 4);
    expect_refused(with_checksum(fields(1, 0, 1, onion)), InviteError::bad_endpoint);
}

TEST(Invite, EncodeRefusesBadEndpoints) {
    const std::vector<Endpoint> bad = {
        Endpoint{},
        Endpoint::address(socket("192.0.2.1", 0)),
        Endpoint::dns("", 1),
        Endpoint::dns("a b", 1),
        Endpoint::dns(std::string(254, 'a'), 1),
        Endpoint::onion("duckduckgo", 1),
        Endpoint::onion("duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczae",
                        1),  // checksum or version
        Endpoint::onion("auckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad", 1),  // checksum
        Endpoint::turn("a/b", 1),
    };
    for (const Endpoint& endpoint : bad) {
        Invite invite = sample();
        invite.endpoints = {endpoint};
        const auto encoded = encode(invite);
        ASSERT_FALSE(encoded.has_value()) << to_text(endpoint);
        EXPECT_EQ(encoded.error(), InviteError::bad_endpoint);
    }
}

TEST(Invite, RelayMayBeAnAddress) {
    Invite invite = sample();
    invite.endpoints = {Endpoint::turn("192.0.2.9", 3478), Endpoint::turn("2001:db8::9", 3478)};
    expect_reads(text_of(invite), invite);
}

TEST(Invite, EndpointsReadWellOnTheScreen) {
    const auto endpoints = sample().endpoints;
    EXPECT_EQ(to_text(endpoints[0]), "192.0.2.7:40123");
    EXPECT_EQ(to_text(endpoints[1]), "[2001:db8::7]:40124");
    EXPECT_EQ(to_text(endpoints[2]), "host.example:443");
    EXPECT_EQ(to_text(endpoints[3]), std::string{onion_name} + ".onion:9735");
    EXPECT_EQ(to_text(endpoints[4]), "turn:turn.example.org:3478");
}

TEST(Invite, ExpiresWhenItsMinuteBegins) {
    Invite invite = sample();
    const WallTime now{1'700'000'001s};
    invite.expiry = expiry_after(now, 1h);
    EXPECT_FALSE(is_expired(invite, now));
    EXPECT_FALSE(is_expired(invite, now + 1h));
    EXPECT_TRUE(is_expired(invite, now + 1h + 60s));
    invite.expiry = 100;
    EXPECT_FALSE(is_expired(invite, WallTime{5999s}));
    EXPECT_TRUE(is_expired(invite, WallTime{6000s}));
    EXPECT_EQ(expiry_after(WallTime{60s}, 60s), 2U);
    EXPECT_EQ(expiry_after(WallTime{60s}, 61s), 3U);
}

TEST(Invite, KnowsOnesOwn) {
    const Invite invite = sample();
    const std::array own = {sample(2).host, sample(1).host};
    EXPECT_TRUE(is_own(invite, own));
    EXPECT_FALSE(is_own(invite, std::span{own}.first(1)));
    EXPECT_FALSE(is_own(invite, {}));
}

TEST(Invite, EveryErrorHasALineOfItsOwn) {
    std::vector<std::string_view> lines;
    for (int i = 0; i <= static_cast<int>(InviteError::zero_secret); ++i) {
        lines.push_back(describe(static_cast<InviteError>(i)));
        EXPECT_EQ(lines.back().find('\n'), std::string_view::npos);
        EXPECT_EQ(std::count(lines.begin(), lines.end(), lines.back()), 1);
    }
    EXPECT_EQ(describe(static_cast<InviteError>(200)), "unknown");
}

TEST(Invite, RandomInvitesSurvive) {
    const u64 seed = 20'260'101;
    SCOPED_TRACE(seed);
    SeededRng rng{seed};
    for (int i = 0; i < 300; ++i) {
        Invite invite = sample(rng.below(1ULL << 40U));
        invite.use = rng.below(2) == 0 ? InviteUse::single : InviteUse::reusable;
        invite.expiry = static_cast<u32>(rng.below(1ULL << 32U));
        const auto all = sample().endpoints;
        invite.endpoints.clear();
        const u64 count = rng.below(17);
        for (u64 k = 0; k < count; ++k) invite.endpoints.push_back(all[rng.below(all.size())]);
        expect_reads(text_of(invite), invite);
    }
}

}  // namespace
}  // namespace chat
