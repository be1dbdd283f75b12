#include "quantcrypt/falcon1024/ntt.hpp"

#include "quantcrypt/falcon1024/ntt_tables.hpp"

namespace chat::falcon1024 {
namespace {

/// 2^16 is Montgomery's radix R; -1/q modulo R.
constexpr u32 negative_inverse_q = 12287;
static_assert(((q * negative_inverse_q + 1) & 0xFFFFU) == 0);

/// R / n mod q: undoes the inverse transform's factor n, with one Montgomery multiplication.
constexpr u32 inverse_n = ntt_tables::power(n, q - 2) * ntt_tables::radix % q;
constexpr u32 radix_squared = static_cast<u32>((u64{1} << 32U) % q);

/// a - q when that is not negative, for a < 2q.
u32 subtract_once(u32 a) {
    const u32 difference = a - q;
    return difference + (q & (0U - (difference >> 31U)));
}

/// a b / R mod q, in [0, q), for a b < q R.
u32 montgomery(u32 a, u32 b) {
    const u32 product = a * b;
    const u32 factor = (product * negative_inverse_q) & 0xFFFFU;
    return subtract_once((product + factor * q) >> 16U);
}

/// a^(q-2) in the Montgomery domain: the inverse, or 0 of 0. The exponent is public.
u32 inverse(u32 a) {
    u32 out = a;
    constexpr u32 exponent = q - 2;
    for (int bit = 12; bit >= 0; --bit) {
        out = montgomery(out, out);
        if (((exponent >> static_cast<unsigned>(bit)) & 1U) != 0) out = montgomery(out, a);
    }
    return out;
}
static_assert((q - 2) >> 13U == 1);

}  // namespace

void reduce(MutableRingView out, std::span<const i8, n> small) {
    for (std::size_t i = 0; i < n; ++i) {
        const auto value = static_cast<u32>(i32{small[i]});
        out[i] = static_cast<u16>(value + (q & (0U - (value >> 31U))));
    }
}

void ntt(MutableRingView f) {
    std::size_t half = n / 2;
    for (std::size_t blocks = 1; blocks < n; blocks *= 2, half /= 2) {
        for (std::size_t block = 0; block < blocks; ++block) {
            const u32 root = ntt_tables::forward[blocks + block];
            u16* const a = f.data() + 2 * half * block;
            u16* const b = a + half;
            for (std::size_t i = 0; i < half; ++i) {
                const u32 turned = montgomery(b[i], root);
                const u32 straight = a[i];
                a[i] = static_cast<u16>(subtract_once(straight + turned));
                b[i] = static_cast<u16>(subtract_once(straight + q - turned));
            }
        }
    }
}

void inverse_ntt(MutableRingView f) {
    std::size_t half = 1;
    for (std::size_t blocks = n / 2; blocks >= 1; blocks /= 2, half *= 2) {
        for (std::size_t block = 0; block < blocks; ++block) {
            const u32 root = ntt_tables::inverse[blocks + block];
            u16* const a = f.data() + 2 * half * block;
            u16* const b = a + half;
            for (std::size_t i = 0; i < half; ++i) {
                const u32 sum = u32{a[i]} + b[i];
                const u32 difference = u32{a[i]} + q - b[i];
                a[i] = static_cast<u16>(subtract_once(sum));
                b[i] = static_cast<u16>(montgomery(subtract_once(difference), root));
            }
        }
    }
    for (u16& value : f) value = static_cast<u16>(montgomery(value, inverse_n));
}

void multiply_values(MutableRingView a, RingView b) {
    for (std::size_t i = 0; i < n; ++i) {
        a[i] = static_cast<u16>(montgomery(montgomery(a[i], radix_squared), b[i]));
    }
}

void divide_values(MutableRingView a, RingView b) {
    for (std::size_t i = 0; i < n; ++i) {
        const u32 divisor = montgomery(b[i], radix_squared);
        a[i] = static_cast<u16>(montgomery(a[i], inverse(divisor)));
    }
}

u32 all_values_nonzero(RingView a) {
    u32 all = 1;
    for (u16 value : a) all &= (0U - u32{value}) >> 31U;
    return all;
}

}  // namespace chat::falcon1024
