#include <immintrin.h>

#include "quantcrypt/falcon1024/keygen_avx2.hpp"
#include "quantcrypt/falcon1024/ntt31.hpp"

namespace chat::falcon1024 {
namespace {

using ntt31_detail::inverse_roots;
using ntt31_detail::roots;

constexpr std::size_t lanes = 8;
/// Smaller transforms are left to the portable code.
constexpr std::size_t smallest = 2 * lanes;

__m256i load(const u32* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}  // NOLINT
void store(u32* to, __m256i value) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), value); }  // NOLINT

__m256i prime() { return _mm256_set1_epi32(static_cast<int>(ntt31_prime)); }

/// a - p when that is not negative: otherwise it wraps to something larger than a.
__m256i subtract_once(__m256i a) { return _mm256_min_epu32(a, _mm256_sub_epi32(a, prime())); }

/// The high halves of the 64-bit lanes are the four products, reduced to below 2p.
__m256i reduced(__m256i product) {
    const __m256i inverse = _mm256_set1_epi32(static_cast<int>(ntt31_detail::negative_inverse_prime));
    const __m256i factor = _mm256_mul_epu32(product, inverse);
    return _mm256_add_epi64(product, _mm256_mul_epu32(factor, prime()));
}

/// Eight Montgomery products.
__m256i montgomery(__m256i a, __m256i b) {
    const __m256i even = reduced(_mm256_mul_epu32(a, b));
    const __m256i odd = reduced(_mm256_mul_epu32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(b, 32)));
    return subtract_once(_mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xAA));
}

struct Forward {
    static const u32* table() { return roots.data(); }
    static void butterfly(__m256i& a, __m256i& b, __m256i root) {
        const __m256i turned = montgomery(b, root);
        b = subtract_once(_mm256_add_epi32(a, _mm256_sub_epi32(prime(), turned)));
        a = subtract_once(_mm256_add_epi32(a, turned));
    }
};
struct Inverse {
    static const u32* table() { return inverse_roots.data(); }
    static void butterfly(__m256i& a, __m256i& b, __m256i root) {
        const __m256i sum = subtract_once(_mm256_add_epi32(a, b));
        b = montgomery(subtract_once(_mm256_add_epi32(a, _mm256_sub_epi32(prime(), b))), root);
        a = sum;
    }
};

/// A level whose blocks have halves of 8 or more.
template <class Direction>
void wide_level(u32* f, std::size_t size, std::size_t blocks) {
    const std::size_t half = size / blocks / 2;
    for (std::size_t block = 0; block < blocks; ++block) {
        const __m256i root = _mm256_set1_epi32(static_cast<int>(Direction::table()[blocks + block]));
        u32* const low = f + 2 * half * block;
        for (std::size_t i = 0; i < half; i += lanes) {
            __m256i a = load(low + i);
            __m256i b = load(low + half + i);
            Direction::butterfly(a, b, root);
            store(low + i, a);
            store(low + half + i, b);
        }
    }
}

/// Two vectors to one with the first halves of their blocks and one with the second halves, and back.
template <std::size_t half>
struct Gather;
template <>
struct Gather<4> {
    static __m256i root_lanes() { return _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1); }
    static __m256i low(__m256i v, __m256i w) { return _mm256_permute2x128_si256(v, w, 0x20); }
    static __m256i high(__m256i v, __m256i w) { return _mm256_permute2x128_si256(v, w, 0x31); }
    static __m256i first(__m256i a, __m256i b) { return low(a, b); }
    static __m256i second(__m256i a, __m256i b) { return high(a, b); }
};
template <>
struct Gather<2> {
    static __m256i root_lanes() { return _mm256_setr_epi32(0, 0, 2, 2, 1, 1, 3, 3); }
    static __m256i low(__m256i v, __m256i w) { return _mm256_unpacklo_epi64(v, w); }
    static __m256i high(__m256i v, __m256i w) { return _mm256_unpackhi_epi64(v, w); }
    static __m256i first(__m256i a, __m256i b) { return low(a, b); }
    static __m256i second(__m256i a, __m256i b) { return high(a, b); }
};
template <>
struct Gather<1> {
    static __m256i root_lanes() { return _mm256_setr_epi32(0, 1, 4, 5, 2, 3, 6, 7); }
    static __m256i even_lanes(__m256i v) { return _mm256_shuffle_epi32(v, 0x88); }
    static __m256i odd_lanes(__m256i v) { return _mm256_shuffle_epi32(v, 0xDD); }
    static __m256i low(__m256i v, __m256i w) { return _mm256_unpacklo_epi64(even_lanes(v), even_lanes(w)); }
    static __m256i high(__m256i v, __m256i w) { return _mm256_unpacklo_epi64(odd_lanes(v), odd_lanes(w)); }
    static __m256i first(__m256i a, __m256i b) { return _mm256_unpacklo_epi32(a, b); }
    static __m256i second(__m256i a, __m256i b) { return _mm256_unpackhi_epi32(a, b); }
};

/// A level whose blocks have halves of 1, 2 or 4: two vectors hold `lanes / half` blocks.
template <class Direction, std::size_t half>
void narrow_level(u32* f, std::size_t size) {
    const u32* root = Direction::table() + size / (2 * half);
    for (std::size_t i = 0; i < size; i += 2 * lanes, root += lanes / half) {
        const __m256i v = load(f + i);
        const __m256i w = load(f + i + lanes);
        // Reads up to six roots more than it uses, never past the table.
        const __m256i factors = _mm256_permutevar8x32_epi32(load(root), Gather<half>::root_lanes());
        __m256i a = Gather<half>::low(v, w);
        __m256i b = Gather<half>::high(v, w);
        Direction::butterfly(a, b, factors);
        store(f + i, Gather<half>::first(a, b));
        store(f + i + lanes, Gather<half>::second(a, b));
    }
}

}  // namespace

void ntt31_avx2(Residues f) {
    if (f.size() < smallest) return ntt31(f);
    std::size_t blocks = 1;
    for (; blocks <= f.size() / (2 * lanes); blocks *= 2) wide_level<Forward>(f.data(), f.size(), blocks);
    narrow_level<Forward, 4>(f.data(), f.size());
    narrow_level<Forward, 2>(f.data(), f.size());
    narrow_level<Forward, 1>(f.data(), f.size());
}

void inverse_ntt31_avx2(Residues f) {
    if (f.size() < smallest) return inverse_ntt31(f);
    narrow_level<Inverse, 1>(f.data(), f.size());
    narrow_level<Inverse, 2>(f.data(), f.size());
    narrow_level<Inverse, 4>(f.data(), f.size());
    std::size_t blocks = f.size() / (2 * lanes);
    for (; blocks >= 1; blocks /= 2) wide_level<Inverse>(f.data(), f.size(), blocks);
    const __m256i scale = _mm256_set1_epi32(static_cast<int>(ntt31_detail::inverse_size(f.size())));
    for (std::size_t i = 0; i < f.size(); i += lanes)
        store(f.data() + i, montgomery(load(f.data() + i), scale));
}

}  // namespace chat::falcon1024
