#pragma once
/// 128-bit sums of products of 64-bit numbers, for integers in limbs of 62 bits.

#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024 {

inline constexpr unsigned limb_bits = 62;
inline constexpr i64 limb_mask = (i64{1} << limb_bits) - 1;

/// For compilers without a 128-bit type.
class PortableLimbAccumulator {
  public:
    void add(i64 a) { add_wide(a >> 63U, static_cast<u64>(a)); }
    /// The sum must stay below 2^127 in magnitude.
    void add_product(i64 a, i64 b) {
        const u64 x = static_cast<u64>(a);
        const u64 y = static_cast<u64>(b);
        const u64 low = (x & half_mask) * (y & half_mask);
        const u64 middle = (x >> 32U) * (y & half_mask) + (low >> 32U);
        const u64 crossed = (x & half_mask) * (y >> 32U) + (middle & half_mask);
        const u64 high = (x >> 32U) * (y >> 32U) + (middle >> 32U) + (crossed >> 32U);
        // From unsigned to signed: a negative factor counts 2^64 times the other too much.
        const u64 excess = (y & static_cast<u64>(a >> 63U)) + (x & static_cast<u64>(b >> 63U));
        add_wide(static_cast<i64>(high - excess), (crossed << 32U) | (low & half_mask));
    }
    /// The lowest 62 bits; the sum is shifted down by as many.
    i64 take_limb() {
        const i64 limb = static_cast<i64>(low_) & limb_mask;
        low_ = (low_ >> limb_bits) | (static_cast<u64>(high_) << (64 - limb_bits));
        high_ >>= limb_bits;
        return limb;
    }
    /// What is left, when it is known to fit.
    [[nodiscard]] i64 rest() const { return static_cast<i64>(low_); }

  private:
    static constexpr u64 half_mask = 0xFFFFFFFFU;

    void add_wide(i64 high, u64 low) {
        low_ += low;
        const u64 carry = low_ < low ? 1 : 0;
        high_ = static_cast<i64>(static_cast<u64>(high_) + static_cast<u64>(high) + carry);
    }

    u64 low_ = 0;
    i64 high_ = 0;
};

#ifdef __SIZEOF_INT128__

/// The same on the compiler's own type.
class LimbAccumulator {
  public:
    void add(i64 a) { sum_ += a; }
    void add_product(i64 a, i64 b) { sum_ += static_cast<Wide>(a) * b; }
    i64 take_limb() {
        const i64 limb = static_cast<i64>(sum_) & limb_mask;
        sum_ >>= limb_bits;
        return limb;
    }
    [[nodiscard]] i64 rest() const { return static_cast<i64>(sum_); }

  private:
    __extension__ using Wide = __int128;
    Wide sum_ = 0;
};

#else

using LimbAccumulator = PortableLimbAccumulator;

#endif

}  // namespace chat::falcon1024
