#include "p2p_core/stun_digests.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"

namespace chat::stun {

namespace {

constexpr std::size_t block_size = 64;
using State = std::array<u32, 5>;

u32 mix(std::size_t round, const State& s) {
    const u32 b = s[1];
    const u32 c = s[2];
    const u32 d = s[3];
    if (round < 20) return ((b & c) ^ (~b & d)) + 0x5A827999U;
    if (round < 40) return (b ^ c ^ d) + 0x6ED9EBA1U;
    if (round < 60) return ((b & c) ^ (b & d) ^ (c & d)) + 0x8F1BBCDCU;
    return (b ^ c ^ d) + 0xCA62C1D6U;
}

void absorb(State& state, ByteView block) {
    std::array<u32, 80> schedule{};
    WireReader in{block};
    std::generate_n(schedule.begin(), 16, [&] { return in.read_u32(); });
    for (std::size_t t = 16; t < schedule.size(); ++t) {
        schedule[t] = std::rotl(schedule[t - 3] ^ schedule[t - 8] ^ schedule[t - 14] ^ schedule[t - 16], 1);
    }
    State s = state;
    for (std::size_t t = 0; t < schedule.size(); ++t) {
        const u32 next = std::rotl(s[0], 5) + mix(t, s) + s[4] + schedule[t];
        s = {next, s[0], std::rotl(s[1], 30), s[2], s[3]};
    }
    for (std::size_t i = 0; i < state.size(); ++i) state[i] += s[i];
}

}  // namespace

u32 crc32(ByteView data) {
    u32 crc = 0xFFFFFFFFU;
    for (u8 byte : data) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    }
    return ~crc;
}

Sha1Digest sha1(std::initializer_list<ByteView> parts) {
    Bytes message;
    for (ByteView part : parts) append(message, part);
    const u64 bits = u64{message.size()} * 8;
    message.push_back(0x80);
    while (message.size() % block_size != block_size - 8) message.push_back(0);
    message.resize(message.size() + 8);
    WireWriter{MutableByteView{message}.last(8)}.write_u64(bits);

    State state{0x67452301U, 0xEFCDAB89U, 0x98BADCFEU, 0x10325476U, 0xC3D2E1F0U};
    for (std::size_t at = 0; at < message.size(); at += block_size) {
        absorb(state, ByteView{message}.subspan(at, block_size));
    }
    Sha1Digest out{};
    WireWriter writer{out};
    for (u32 word : state) writer.write_u32(word);
    return out;
}

Sha1Digest hmac_sha1(ByteView key, std::initializer_list<ByteView> parts) {
    std::array<u8, block_size> inner{};
    if (key.size() > block_size) {
        const Sha1Digest shorter = sha1({key});
        std::copy(shorter.begin(), shorter.end(), inner.begin());
    } else {
        std::copy(key.begin(), key.end(), inner.begin());
    }
    std::array<u8, block_size> outer = inner;
    for (u8& byte : inner) byte ^= 0x36;
    for (u8& byte : outer) byte ^= 0x5C;
    Bytes text;
    for (ByteView part : parts) append(text, part);
    const Sha1Digest inside = sha1({inner, text});
    return sha1({outer, inside});
}

}  // namespace chat::stun
