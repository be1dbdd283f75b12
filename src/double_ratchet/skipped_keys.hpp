#pragma once
/// Message keys of cells that did not come when it was their turn (docs/protocol.md 6, "Skipped message keys").

#include <map>
#include <optional>

#include "base/cell_index.hpp"
#include "base/time.hpp"
#include "double_ratchet/directed_keys.hpp"
#include "double_ratchet/limits.hpp"

namespace chat {

class SkippedKeys {
  public:
    struct Entry {
        MessageKey<Receiving> key;
        u64 position = 0;
        Time since{};  ///< connected time at which it was skipped
    };
    using Entries = std::map<CellIndex, Entry>;

    explicit SkippedKeys(const RatchetLimits& limits) : limits_{limits} {}

    /// Null when there is none, or it is older at `connected_time` than keys may become.
    [[nodiscard]] const Entry* find(CellIndex index, Time connected_time) const;
    [[nodiscard]] bool holds(CellIndex index) const { return entries_.count(index) != 0; }
    [[nodiscard]] bool holds_epoch(u32 epoch) const;
    /// The lowest position of all.
    [[nodiscard]] std::optional<u64> lowest_position() const;
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    /// How many were wiped unused so far.
    [[nodiscard]] u64 dropped() const { return dropped_; }

    /// Takes all of `entries`, whose indexes are new; then the oldest make room. Never fails.
    void add(Entries entries) noexcept;
    /// Wipes a key that was used.
    void remove(CellIndex index) noexcept { entries_.erase(index); }
    void drop_older_than(Time connected_time) noexcept;
    /// Wipes those from more than max_skipped_epochs before `epoch`.
    void drop_before(u32 epoch) noexcept;

  private:
    friend struct CellCipherInspector;  // tests: reads the secrets, to play a thief of the state

    [[nodiscard]] bool expired(const Entry& entry, Time connected_time) const {
        return connected_time - entry.since > limits_.max_skipped_age;
    }

    RatchetLimits limits_;
    Entries entries_;
    u64 dropped_ = 0;
};

}  // namespace chat
