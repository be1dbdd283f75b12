#include "base/guarded_region.hpp"

#include <cstring>

namespace chat::guarded_memory {
namespace {

void fill(MutableByteView room, const Canary& canary) {
    for (std::size_t at = 0; at < room.size(); at += canary.size()) {
        std::memcpy(&room[at], canary.data(), std::min(canary.size(), room.size() - at));
    }
}

/// In time that depends on the size alone: what an attacker wrote must not tell him the canary byte by byte.
void check(ByteView room, const Canary& canary) {
    u64 difference = 0;
    for (std::size_t at = 0; at < room.size(); at += sizeof(u64)) {
        const std::size_t part = std::min(sizeof(u64), room.size() - at);
        u64 found = 0;
        u64 expected = 0;
        std::memcpy(&found, &room[at], part);
        std::memcpy(&expected, &canary[at % canary.size()], part);
        difference |= found ^ expected;
    }
    if (difference == 0) return;
    secret_pages::stop_process(
        "secure-p2p: memory next to a secret was overwritten (canary damaged); stopping at once\n");
}

}  // namespace

/// Between two slots lie 32 bytes: the canary behind the one, the canary before the other.
PooledRegion::PooledRegion(std::size_t slot_size, const secret_pages::Pages& pages)
    : slot_size_{slot_size}, capacity_{(pages.size - alignment) / (slot_size + alignment)}, pages_{pages} {
    free_.reserve(capacity_);
    for (std::size_t i = capacity_; i > 0; --i) free_.push_back(static_cast<u32>(i - 1));
}

u8* PooledRegion::take(std::size_t size, const Canary& canary) {
    u8* const secret = pages_.data + alignment + free_.back() * (slot_size_ + alignment);
    free_.pop_back();
    fill({secret - canary_size, canary_size}, canary);
    fill({secret + size, slot_size_ - size + canary_size}, canary);
    std::memset(secret, 0, size);
    return secret;
}

void PooledRegion::give_back(u8* secret, std::size_t size, const Canary& canary) {
    check({secret - canary_size, canary_size}, canary);
    check({secret + size, slot_size_ - size + canary_size}, canary);
    wipe({secret, size});
    const auto offset = static_cast<std::size_t>(secret - pages_.data) - alignment;
    free_.push_back(static_cast<u32>(offset / (slot_size_ + alignment)));
}

std::size_t LargeRegion::pages_for(std::size_t size) {
    return round_up(size + canary_size, alignment) + alignment;
}

LargeRegion::LargeRegion(std::size_t size, const secret_pages::Pages& pages, const Canary& canary)
    : size_{size},
      pages_{pages},
      secret_{pages_.data + pages_.size - round_up(size + canary_size, alignment)} {
    fill(before(), canary);
    fill(after(), canary);
    std::memset(secret_, 0, size_);
}

void LargeRegion::close(const Canary& canary) const {
    check(before(), canary);
    check(after(), canary);
    wipe({secret_, size_});
}

MutableByteView LargeRegion::before() const {
    return {pages_.data, static_cast<std::size_t>(secret_ - pages_.data)};
}

MutableByteView LargeRegion::after() const {
    u8* const begin = secret_ + size_;
    return {begin, static_cast<std::size_t>(pages_.data + pages_.size - begin)};
}

}  // namespace chat::guarded_memory
