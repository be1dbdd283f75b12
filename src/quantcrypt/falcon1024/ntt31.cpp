#include "quantcrypt/falcon1024/ntt31.hpp"

#include <utility>

namespace chat::falcon1024 {

using namespace ntt31_detail;

void ntt31(Residues f) {
    std::size_t half = f.size() / 2;
    for (std::size_t blocks = 1; blocks < f.size(); blocks *= 2, half /= 2) {
        for (std::size_t block = 0; block < blocks; ++block) {
            u32* const a = f.data() + 2 * half * block;
            for (std::size_t i = 0; i < half; ++i) butterfly(a[i], a[half + i], roots[blocks + block]);
        }
    }
}

void inverse_ntt31(Residues f) {
    std::size_t half = 1;
    for (std::size_t blocks = f.size() / 2; blocks >= 1; blocks /= 2, half *= 2) {
        for (std::size_t block = 0; block < blocks; ++block) {
            u32* const a = f.data() + 2 * half * block;
            for (std::size_t i = 0; i < half; ++i) {
                inverse_butterfly(a[i], a[half + i], inverse_roots[blocks + block]);
            }
        }
    }
    const u32 scale = inverse_size(f.size());
    for (u32& value : f) value = montgomery(value, scale);
}

u32 residue31(i64 value) {
    constexpr i64 multiple = i64{ntt31_prime} << 20U;
    static_assert(multiple > i64{1} << 50U);
    return montgomery(montgomery_reduce(static_cast<u64>(value + multiple)), radix_squared);
}

i32 centred31(u32 residue) {
    const u32 above_half = ((ntt31_prime - 1) / 2 - residue) >> 31U;
    return static_cast<i32>(residue - (ntt31_prime & (0U - above_half)));
}

u32 multiply31(u32 a, u32 b) { return montgomery(montgomery(a, radix_squared), b); }

u32 subtract31(u32 a, u32 b) { return subtract_once(a + ntt31_prime - b); }

}  // namespace chat::falcon1024
