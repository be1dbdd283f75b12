#pragma once
/// The portable "Arch" of the signing templates.

#include "quantcrypt/falcon1024/sampler.hpp"
#include "quantcrypt/falcon1024/vec_portable.hpp"

namespace chat::falcon1024 {

void portable_chacha_blocks(u8* out, const ChaChaState& state, u64 counter);

template <class Tag>
struct PortableArch {
    using Vec = ScalarVec<Tag>;
    using HalfVec = Vec;
    using Scalar = Vec;
    using Sampler = falcon1024::Sampler<PortableArch>;

    static u32 declassify(u32 value) { return Tag::declassify(value); }

    static void chacha_blocks(u8* out, const ChaChaState& state, u64 counter) {
        portable_chacha_blocks(out, state, counter);
    }

    static i32 base_sample(const Limbs72& draw) {
        u32 below = 0;
        for (std::size_t i = 0; i < base_table_size; ++i) {
            u32 borrow = (draw.limb[0] - base_table.limb[0][i]) >> 31U;
            borrow = (draw.limb[1] - base_table.limb[1][i] - borrow) >> 31U;
            below += (draw.limb[2] - base_table.limb[2][i] - borrow) >> 31U;
        }
        return static_cast<i32>(below);
    }
};

}  // namespace chat::falcon1024
