#pragma once
/// The AVX2 "Arch" of the signing templates. Only *_avx2.cpp may include this.

#include "quantcrypt/falcon1024/sampler_avx2.hpp"
#include "quantcrypt/falcon1024/vec_avx2.hpp"

namespace chat::falcon1024 {

void avx2_chacha_blocks(u8* out, const ChaChaState& state, u64 counter);

template <class Tag>
struct Avx2Arch {
    using Vec = Avx2Vec;
    using HalfVec = Avx2HalfVec;
    using Scalar = ScalarVec<Avx2Arch>;
    using Sampler = LookaheadSampler<Avx2Arch>;

    static u32 declassify(u32 value) { return Tag::declassify(value); }

    static void chacha_blocks(u8* out, const ChaChaState& state, u64 counter) {
        avx2_chacha_blocks(out, state, counter);
    }

    /// Eight entries at a time; a borrow is a lane of ones.
    static i32 base_sample(const Limbs72& draw) {
        const __m256i low = _mm256_set1_epi32(static_cast<int>(draw.limb[0]));
        const __m256i middle = _mm256_set1_epi32(static_cast<int>(draw.limb[1]));
        const __m256i high = _mm256_set1_epi32(static_cast<int>(draw.limb[2]));
        const __m256i first = borrows<0>(low, middle, high);
        const __m256i second = borrows<8>(low, middle, high);
        const __m256i third = borrows<16>(low, middle, high);
        const __m256i all = _mm256_packs_epi16(_mm256_packs_epi32(first, second),
                                               _mm256_packs_epi32(third, _mm256_setzero_si256()));
        return _mm_popcnt_u32(static_cast<u32>(_mm256_movemask_epi8(all)));
    }

  private:
    template <std::size_t first>
    static __m256i borrows(__m256i low, __m256i middle, __m256i high) {
        const auto row = [](std::size_t limb) {
            return _mm256_load_si256(reinterpret_cast<const __m256i*>(base_table.limb[limb].data() + first));
        };
        const __m256i a = _mm256_srai_epi32(_mm256_sub_epi32(low, row(0)), 31);
        const __m256i b = _mm256_srai_epi32(_mm256_add_epi32(_mm256_sub_epi32(middle, row(1)), a), 31);
        return _mm256_srai_epi32(_mm256_add_epi32(_mm256_sub_epi32(high, row(2)), b), 31);
    }
};

}  // namespace chat::falcon1024
