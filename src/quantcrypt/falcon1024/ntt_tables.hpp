#pragma once
/// The roots of the transform modulo q, in Montgomery form with R = 2^16.

#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024::ntt_tables {

constexpr u32 power(u32 base, u32 exponent) {
    u64 out = 1;
    u64 square = base;
    for (; exponent != 0; exponent >>= 1U) {
        if ((exponent & 1U) != 0) out = out * square % q;
        square = square * square % q;
    }
    return static_cast<u32>(out);
}

/// A primitive 2n-th root of unity: 11 generates the multiplicative group.
inline constexpr u32 psi = power(11, (q - 1) / (2 * n));
static_assert(power(psi, n) == q - 1);

inline constexpr u32 radix = (u32{1} << 16U) % q;

constexpr u32 bit_reversed(u32 value) {
    u32 out = 0;
    for (unsigned bit = 0; bit < logn; ++bit) out |= ((value >> bit) & 1U) << (logn - 1 - bit);
    return out;
}

/// Entry i: base^(bit-reversed i) R mod q.
constexpr RingElement roots(u32 base) {
    RingElement powers{};
    u32 value = radix;
    for (u32 i = 0; i < n; ++i) {
        powers[bit_reversed(i)] = static_cast<u16>(value);
        value = value * base % q;
    }
    return powers;
}

/// forward[b + i] belongs to block i of the level with b blocks; inverse likewise.
inline constexpr RingElement forward = roots(psi);
inline constexpr RingElement inverse = roots(power(psi, q - 2));

}  // namespace chat::falcon1024::ntt_tables
