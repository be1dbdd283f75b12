#include "crypto/shake.hpp"

#include <cassert>
#include <cstring>
#include <utility>

#include "base/guarded_memory.hpp"

namespace chat {

Shake256::Shake256() : sponge_{HashAlgorithm::shake256} {}

Shake256::Shake256(Shake256&& other) noexcept : sponge_{std::move(other.sponge_)} { take_from(other); }

Shake256& Shake256::operator=(Shake256&& other) noexcept {
    if (this != &other) {
        sponge_ = std::move(other.sponge_);
        take_from(other);
    }
    return *this;
}

Shake256::~Shake256() { guarded_memory::wipe(block_); }

void Shake256::take_from(Shake256& other) noexcept {
    block_ = other.block_;
    left_ = std::exchange(other.left_, 0);
    squeezing_ = std::exchange(other.squeezing_, false);
    guarded_memory::wipe(other.block_);
}

void Shake256::absorb(ByteView data) {
    assert(!squeezing_);
    sponge_.update(data);
}

void Shake256::squeeze(MutableByteView out) {
    squeezing_ = true;
    while (!out.empty()) {
        if (left_ == 0 && out.size() >= rate) {
            const std::size_t whole_blocks = out.size() - out.size() % rate;
            sponge_.squeeze(out.first(whole_blocks));
            out = out.subspan(whole_blocks);
            continue;
        }
        if (left_ == 0) {
            sponge_.squeeze(block_);
            left_ = rate;
        }
        const std::size_t size = std::min(out.size(), left_);
        std::memcpy(out.data(), block_.data() + (rate - left_), size);
        left_ -= size;
        out = out.subspan(size);
    }
}

void shake256(std::initializer_list<ByteView> parts, MutableByteView out) {
    DigestContext sponge{HashAlgorithm::shake256};
    for (ByteView part : parts) sponge.update(part);
    sponge.squeeze(out);
}

}  // namespace chat
