#pragma once
/// The high half of a 64 x 64-bit product, in constant time.

#include "base/bytes.hpp"

namespace chat::falcon1024 {

#ifdef __SIZEOF_INT128__
__extension__ using u128 = unsigned __int128;

inline u64 multiply_high(u64 a, u64 b) { return static_cast<u64>((u128{a} * b) >> 64U); }
#else
inline u64 multiply_high(u64 a, u64 b) {
    const u64 a_low = a & 0xFFFFFFFFU;
    const u64 a_high = a >> 32U;
    const u64 b_low = b & 0xFFFFFFFFU;
    const u64 b_high = b >> 32U;
    const u64 cross = a_high * b_low + ((a_low * b_low) >> 32U);
    const u64 other = a_low * b_high + (cross & 0xFFFFFFFFU);
    return a_high * b_high + (cross >> 32U) + (other >> 32U);
}
#endif

}  // namespace chat::falcon1024
