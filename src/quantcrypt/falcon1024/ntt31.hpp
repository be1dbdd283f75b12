#pragma once
/// Number-theoretic transform over Z_p[x]/(x^m + 1), m = 2^k, 2 <= m <= 1024, for a 31-bit prime: exact products of polynomials whose
/// coefficients are known to be below p/2 in magnitude. For key generation only; the modulus of the scheme has ntt.hpp.

#include <array>

#include "quantcrypt/falcon1024/keygen_kernels.hpp"

namespace chat::falcon1024 {

namespace ntt31_detail {

constexpr u32 power(u32 base, u32 exponent, u32 modulus) {
    u64 out = 1;
    u64 square = base;
    for (; exponent != 0; exponent >>= 1U) {
        if ((exponent & 1U) != 0) out = out * square % modulus;
        square = square * square % modulus;
    }
    return static_cast<u32>(out);
}

/// Miller and Rabin's test; these four bases settle every odd number from 9 to 2^31.
constexpr bool is_prime(u32 candidate) {
    u32 odd_part = candidate - 1;
    unsigned twos = 0;
    for (; odd_part % 2 == 0; odd_part /= 2) ++twos;
    for (u32 base : {2U, 3U, 5U, 7U}) {
        u64 value = power(base, odd_part, candidate);
        bool passes = value == 1;
        for (unsigned i = 0; i < twos && !passes; ++i) {
            passes = value == candidate - 1;
            value = value * value % candidate;
        }
        if (!passes) return false;
    }
    return true;
}

constexpr u32 largest_prime() {
    constexpr u32 step = 2 * n;
    u32 candidate = (u32{1} << 31U) - step + 1;
    while (!is_prime(candidate)) candidate -= step;
    return candidate;
}

}  // namespace ntt31_detail

/// The largest prime below 2^31 that is 1 mod 2n.
inline constexpr u32 ntt31_prime = ntt31_detail::largest_prime();

namespace ntt31_detail {

/// -1/p modulo 2^32, by Newton's iteration.
constexpr u32 negative_inverse() {
    u32 inverse = 1;
    for (int i = 0; i < 5; ++i) inverse *= 2 - ntt31_prime * inverse;
    return 0 - inverse;
}

/// An element of order 2n: a power of the first number that is not a square.
constexpr u32 primitive_root() {
    u32 base = 2;
    while (power(base, (ntt31_prime - 1) / 2, ntt31_prime) == 1) ++base;
    return power(base, (ntt31_prime - 1) / (2 * n), ntt31_prime);
}

/// Montgomery's radix is 2^32.
inline constexpr u32 radix = static_cast<u32>((u64{1} << 32U) % ntt31_prime);
inline constexpr u32 radix_squared = static_cast<u32>(u64{radix} * radix % ntt31_prime);
inline constexpr u32 negative_inverse_prime = negative_inverse();
static_assert(ntt31_prime * negative_inverse_prime == ~u32{0});

/// Entry i: base^(i with its 10 bits reversed), times the radix. A transform of size m uses entries 1 .. m - 1.
constexpr std::array<u32, n> powers_in_transform_order(u32 base) {
    std::array<u32, n> out{};
    u64 value = radix;
    for (std::size_t i = 0, reversed = 0; i < n; ++i) {
        out[reversed] = static_cast<u32>(value);
        value = value * base % ntt31_prime;
        std::size_t bit = n / 2;
        for (; (reversed & bit) != 0; bit /= 2) reversed ^= bit;
        reversed |= bit;
    }
    return out;
}
alignas(32) inline constexpr std::array<u32, n> roots = powers_in_transform_order(primitive_root());
alignas(32) inline constexpr std::array<u32, n> inverse_roots =
    powers_in_transform_order(power(primitive_root(), ntt31_prime - 2, ntt31_prime));

/// 1/m in Montgomery's form, for m a power of two: the last step of the inverse transform.
constexpr u32 inverse_size(std::size_t m) {
    u32 out = radix;
    for (; m > 1; m /= 2) out = (out + (out % 2 != 0 ? ntt31_prime : 0)) / 2;
    return out;
}

/// a - p when that is not negative, for a < 2p.
constexpr u32 subtract_once(u32 a) {
    const u32 difference = a - ntt31_prime;
    return difference + (ntt31_prime & (0U - (difference >> 31U)));
}

/// product / 2^32 mod p, in [0, p), for product < 2^32 p.
constexpr u32 montgomery_reduce(u64 product) {
    const u32 factor = static_cast<u32>(product) * negative_inverse_prime;
    return subtract_once(static_cast<u32>((product + u64{factor} * ntt31_prime) >> 32U));
}
constexpr u32 montgomery(u32 a, u32 b) { return montgomery_reduce(u64{a} * b); }

/// One step of the forward transform: (a + b w, a - b w).
inline void butterfly(u32& a, u32& b, u32 root) {
    const u32 turned = montgomery(b, root);
    const u32 straight = a;
    a = subtract_once(straight + turned);
    b = subtract_once(straight + ntt31_prime - turned);
}
/// Its inverse, doubled.
inline void inverse_butterfly(u32& a, u32& b, u32 inverse_root) {
    const u32 sum = subtract_once(a + b);
    b = montgomery(subtract_once(a + ntt31_prime - b), inverse_root);
    a = sum;
}

}  // namespace ntt31_detail

/// In place, coefficients to values, in bit-reversed order: with w a root of x^m + 1, the values at w and -w are neighbours, and
/// they are where the transform of half the size has the one at w^2. The portable one; keygen_kernels.hpp chooses.
void ntt31(Residues f);
/// In place, the inverse.
void inverse_ntt31(Residues f);

/// `value` modulo p, for |value| < 2^50.
[[nodiscard]] u32 residue31(i64 value);
/// The integer in (-p/2, p/2) that is `residue` modulo p.
[[nodiscard]] i32 centred31(u32 residue);
/// a b mod p.
[[nodiscard]] u32 multiply31(u32 a, u32 b);
/// a - b mod p.
[[nodiscard]] u32 subtract31(u32 a, u32 b);

}  // namespace chat::falcon1024
