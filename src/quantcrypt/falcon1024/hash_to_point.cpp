#include "quantcrypt/falcon1024/hash_to_point.hpp"

#include "crypto/shake.hpp"

namespace chat::falcon1024 {
namespace {

/// The largest multiple of q that 16 bits hold: words below it reduce without bias.
constexpr u32 accepted_below = 5 * q;
static_assert(accepted_below == 61445);

/// 1156 words, of which 1084 are accepted on average (deviation 8): one round is enough in practice.
constexpr std::size_t round_size = 17 * Shake256::rate;

}  // namespace

RingElement hash_to_point(std::span<const u8, nonce_size> nonce, ByteView message) {
    Shake256 shake;
    shake.absorb(nonce);
    shake.absorb(message);

    RingElement out;
    std::size_t filled = 0;
    while (filled < n) {
        std::array<u8, round_size> bytes;
        shake.squeeze(bytes);
        for (std::size_t i = 0; i < round_size && filled < n; i += 2) {
            const u32 word = (u32{bytes[i]} << 8U) | bytes[i + 1];
            out[filled] = static_cast<u16>(word % q);
            filled += word < accepted_below ? 1 : 0;
        }
    }
    return out;
}

}  // namespace chat::falcon1024
