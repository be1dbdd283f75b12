#include "quantcrypt/falcon1024/arch_avx2.hpp"

namespace chat::falcon1024 {
namespace {

/// One word of eight blocks.
using Lanes = __m256i;

template <int bits>
Lanes rotate(Lanes x) {
    return _mm256_or_si256(_mm256_slli_epi32(x, bits), _mm256_srli_epi32(x, 32 - bits));
}

Lanes rotate_16(Lanes x) {
    return _mm256_shuffle_epi8(x, _mm256_setr_epi8(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13,  //
                                                   2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
}

Lanes rotate_8(Lanes x) {
    return _mm256_shuffle_epi8(x, _mm256_setr_epi8(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14,  //
                                                   3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14));
}

[[gnu::always_inline]] inline void quarter_round(Lanes& a, Lanes& b, Lanes& c, Lanes& d) {
    a = _mm256_add_epi32(a, b);
    d = rotate_16(_mm256_xor_si256(d, a));
    c = _mm256_add_epi32(c, d);
    b = rotate<12>(_mm256_xor_si256(b, c));
    a = _mm256_add_epi32(a, b);
    d = rotate_8(_mm256_xor_si256(d, a));
    c = _mm256_add_epi32(c, d);
    b = rotate<7>(_mm256_xor_si256(b, c));
}

/// Half a word of the counters counter, counter + 1, ..., counter + 7.
Lanes counters(u64 counter, unsigned shift) {
    alignas(32) u32 words[8];
    for (u64 block = 0; block < 8; ++block) words[block] = static_cast<u32>((counter + block) >> shift);
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(words));
}

}  // namespace

void avx2_chacha_blocks(u8* out, const ChaChaState& state, u64 counter) {
    Lanes start[16];
    for (std::size_t v = 0; v < 4; ++v)
        start[v] = _mm256_set1_epi32(static_cast<int>(chacha_constants.data()[v]));
    for (std::size_t v = 4; v < 16; ++v) start[v] = _mm256_set1_epi32(static_cast<int>(state.data()[v - 4]));
    start[14] = _mm256_xor_si256(start[14], counters(counter, 0));
    start[15] = _mm256_xor_si256(start[15], counters(counter, 32));

    Lanes x[16];
    for (std::size_t v = 0; v < 16; ++v) x[v] = start[v];
    for (int round = 0; round < 10; ++round) {
        quarter_round(x[0], x[4], x[8], x[12]);
        quarter_round(x[1], x[5], x[9], x[13]);
        quarter_round(x[2], x[6], x[10], x[14]);
        quarter_round(x[3], x[7], x[11], x[15]);
        quarter_round(x[0], x[5], x[10], x[15]);
        quarter_round(x[1], x[6], x[11], x[12]);
        quarter_round(x[2], x[7], x[8], x[13]);
        quarter_round(x[3], x[4], x[9], x[14]);
    }
    for (std::size_t v = 0; v < 16; ++v) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 32 * v), _mm256_add_epi32(x[v], start[v]));
    }
}

}  // namespace chat::falcon1024
