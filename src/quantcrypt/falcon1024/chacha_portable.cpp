#include <bit>

#include "quantcrypt/falcon1024/arch_portable.hpp"

namespace chat::falcon1024 {
namespace {

using Words = std::array<u32, 16>;

void quarter_round(Words& x, std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
    x[a] += x[b];
    x[d] = std::rotl(x[d] ^ x[a], 16);
    x[c] += x[d];
    x[b] = std::rotl(x[b] ^ x[c], 12);
    x[a] += x[b];
    x[d] = std::rotl(x[d] ^ x[a], 8);
    x[c] += x[d];
    x[b] = std::rotl(x[b] ^ x[c], 7);
}

void double_round(Words& x) {
    for (std::size_t i = 0; i < 4; ++i) quarter_round(x, i, 4 + i, 8 + i, 12 + i);
    for (std::size_t i = 0; i < 4; ++i) {
        quarter_round(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
}

void store_little_endian(u8* to, u32 word) {
    for (unsigned i = 0; i < 4; ++i) to[i] = static_cast<u8>(word >> (8 * i));
}

}  // namespace

void portable_chacha_blocks(u8* out, const ChaChaState& state, u64 counter) {
    for (std::size_t block = 0; block < 8; ++block, ++counter) {
        Words start;
        std::copy(chacha_constants.begin(), chacha_constants.end(), start.begin());
        std::copy(state.begin(), state.end(), start.begin() + 4);
        start[14] ^= static_cast<u32>(counter);
        start[15] ^= static_cast<u32>(counter >> 32U);
        Words x = start;
        for (int round = 0; round < 10; ++round) double_round(x);
        for (std::size_t v = 0; v < x.size(); ++v) {
            store_little_endian(out + 32 * v + 4 * block, x[v] + start[v]);
        }
    }
}

}  // namespace chat::falcon1024
