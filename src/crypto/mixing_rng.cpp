#include "crypto/mixing_rng.hpp"

#include <array>

#include "crypto/hmac.hpp"
#include "crypto/shake.hpp"

namespace chat {

void MixingRng::mix_in(ByteView entropy) { hmac_sha512(pool_.expose(), {entropy}, pool_.expose_mutable()); }

void MixingRng::fill(MutableByteView out) {
    base_.fill(out);
    Shake256 stream;
    stream.absorb(pool_.expose());
    stream.squeeze(pool_.expose_mutable());
    std::array<u8, Shake256::rate> mask{};
    const WipeOnExit wipe{mask};
    while (!out.empty()) {
        const std::size_t size = std::min(out.size(), mask.size());
        stream.squeeze(MutableByteView{mask}.first(size));
        for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<u8>(out[i] ^ mask[i]);
        out = out.subspan(size);
    }
}

}  // namespace chat
