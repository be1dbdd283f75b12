#include "double_ratchet/replay_window.hpp"

#include <bit>
#include <cassert>

#include "base/wire_reader.hpp"
#include "crypto/hash.hpp"

namespace chat {

CellId id_of(std::span<const u8, cell_size> cell) {
    const Sha256Digest digest = sha256(cell);
    return CellId::from(digest.view().first<CellId::size>());
}

ReplayWindow::ReplayWindow(std::size_t size)
    : ids_(size), next_(size, none), first_(std::bit_ceil(size), none) {
    assert(size > 0 && size < none);
}

bool ReplayWindow::contains(const CellId& id) const {
    for (u32 slot = first_[bucket_of(id)]; slot != none; slot = next_[slot]) {
        if (ids_[slot] == id) return true;
    }
    return false;
}

void ReplayWindow::add(const CellId& id) noexcept {
    const u32 slot = static_cast<u32>(added_ % ids_.size());
    if (added_ >= ids_.size()) unlink(slot);
    ids_[slot] = id;
    u32& head = first_[bucket_of(id)];
    next_[slot] = head;
    head = slot;
    ++added_;
}

/// Ids are parts of a cryptographic hash, so any of their bits are as good as a hash of them.
std::size_t ReplayWindow::bucket_of(const CellId& id) const {
    return static_cast<std::size_t>(WireReader{id.bytes}.read_u64()) & (first_.size() - 1);
}

void ReplayWindow::unlink(u32 slot) noexcept {
    u32* link = &first_[bucket_of(ids_[slot])];
    while (*link != slot) link = &next_[*link];
    *link = next_[slot];
}

}  // namespace chat
