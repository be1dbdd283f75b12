#pragma once
/// The generator of signing: ChaCha20, eight blocks a refill with their words interleaved eight-way, so that
/// a vector of eight words computes all of them at once. One instance makes one try at a signature.
///
/// Arch::chacha_blocks(out, state, counter) writes 512 bytes: word v of block u at byte 32 v + 4 u, counter +
/// u for block u.

#include <bit>
#include <cstring>

#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024 {

inline constexpr std::size_t stream_seed_size = 56;
inline constexpr std::size_t stream_block_size = 512;

/// Key and nonce words 4 .. 15 of the ChaCha20 state; the counter is xored into words 14 and 15.
using ChaChaState = std::array<u32, 12>;

inline constexpr std::array<u32, 4> chacha_constants{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

/// A little-endian integer of sizeof(Word) bytes. The loop is for big-endian machines; elsewhere this is one
/// load.
template <class Word>
Word load_little_endian(const u8* bytes) {
    Word out = 0;
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(&out, bytes, sizeof out);
    } else {
        for (std::size_t i = sizeof out; i-- > 0;) out = static_cast<Word>((out << 8U) | bytes[i]);
    }
    return out;
}

template <class Arch>
class ChaChaStream {
  public:
    /// Restarts the stream: 12 words and a 64-bit counter, all little-endian.
    void seed(std::span<const u8, stream_seed_size> seed) {
        for (std::size_t i = 0; i < state_.size(); ++i) {
            state_[i] = load_little_endian<u32>(seed.data() + 4 * i);
        }
        counter_ = load_little_endian<u64>(seed.data() + 48);
        refill();
    }

    /// The next 8 bytes; refills first when fewer than 10 are left, so that a 1-byte draw can follow.
    u64 next_u64() {
        if (position_ > stream_block_size - 10) refill();
        const u64 out = load_little_endian<u64>(buffer_.data() + position_);
        position_ += 8;
        return out;
    }

    /// The next byte; refills as soon as the last one is taken.
    u8 next_u8() {
        const u8 out = buffer_.data()[position_++];
        if (position_ == stream_block_size) refill();
        return out;
    }

    /// For a sampler that looks ahead: the block, the index of its next byte (512: the next draw refills),
    /// and a new index.
    [[nodiscard]] const u8* block() const { return buffer_.data(); }
    [[nodiscard]] std::size_t position() const { return position_; }
    void set_position(std::size_t position) { position_ = position; }

    void refill() {
        Arch::chacha_blocks(buffer_.data(), state_, counter_);
        counter_ += 8;
        position_ = 0;
    }

  private:
    alignas(32) std::array<u8, stream_block_size> buffer_;
    ChaChaState state_;
    u64 counter_;
    std::size_t position_;
};

}  // namespace chat::falcon1024
