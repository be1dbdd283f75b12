#include "double_ratchet/skipped_keys.hpp"

#include <cassert>
#include <limits>

namespace chat {

const SkippedKeys::Entry* SkippedKeys::find(CellIndex index, Time connected_time) const {
    const auto found = entries_.find(index);
    if (found == entries_.end() || expired(found->second, connected_time)) return nullptr;
    return &found->second;
}

bool SkippedKeys::holds_epoch(u32 epoch) const {
    const auto found = entries_.lower_bound({epoch, 0});
    return found != entries_.end() && found->first.epoch == epoch;
}

std::optional<u64> SkippedKeys::lowest_position() const {
    if (entries_.empty()) return std::nullopt;
    return entries_.begin()->second.position;  // positions rise with the index
}

void SkippedKeys::add(Entries entries) noexcept {
    entries_.merge(entries);
    assert(entries.empty());
    while (entries_.size() > limits_.max_skipped_kept) {
        entries_.erase(entries_.begin());
        ++dropped_;
    }
}

void SkippedKeys::drop_older_than(Time connected_time) noexcept {
    dropped_ +=
        std::erase_if(entries_, [&](const auto& entry) { return expired(entry.second, connected_time); });
}

void SkippedKeys::drop_before(u32 epoch) noexcept {
    if (epoch <= limits_.max_skipped_epochs) return;
    const u32 oldest = epoch - limits_.max_skipped_epochs;
    while (!entries_.empty() && entries_.begin()->first.epoch < oldest) {
        entries_.erase(entries_.begin());
        ++dropped_;
    }
}

}  // namespace chat
