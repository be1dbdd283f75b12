#pragma once
/// What docs/protocol.md 6 says a receiver does with each cell of an honest sender, in plain bookkeeping without any cryptography: the oracle
/// of the random two-party test.

#include <deque>
#include <map>
#include <optional>

#include "base/cell_index.hpp"
#include "double_ratchet/error.hpp"
#include "double_ratchet/limits.hpp"

namespace chat::test {

/// A sealed cell, as its sender knows it.
struct ModelCell {
    std::size_t id = 0;
    CellIndex index;
    u32 previous_length = 0;
};

class ReceiverModel {
  public:
    /// `first_epoch` is that of the peer's first chain.
    ReceiverModel(u32 first_epoch, const RatchetLimits& limits) : limits_{limits}, current_{first_epoch} {}

    /// The error with which the cell is refused before its signature is looked at; nothing when it is accepted if it is genuine.
    [[nodiscard]] std::optional<CellError> refusal(const ModelCell& cell, Time now) const {
        for (const std::size_t id : accepted_) {
            if (id == cell.id) return CellError::replay;
        }
        return refusal_of_key(cell, now);
    }
    /// As refusal(), for a damaged copy, which is no replay.
    [[nodiscard]] std::optional<CellError> refusal_of_key(const ModelCell& cell, Time now) const {
        const auto [epoch, number] = cell.index;
        if (begun_ && epoch < current_ && !awaits_any_of(epoch)) return CellError::header_unreadable;
        const bool begins = !begun_ || epoch > current_;
        const u32 received = begun_ ? next_ : 0;
        if (begins && cell.previous_length - received > limits_.max_skip) return CellError::too_far_ahead;
        if (begins) return number > limits_.max_skip ? std::optional{CellError::too_far_ahead} : std::nullopt;
        if (epoch == current_ && number >= next_) {
            return number - next_ > limits_.max_skip ? std::optional{CellError::too_far_ahead} : std::nullopt;
        }
        const auto key = skipped_.find(cell.index);
        const bool kept = key != skipped_.end() && now - key->second <= limits_.max_skipped_age;
        return kept ? std::nullopt : std::optional{CellError::message_key_gone};
    }

    void accept(const ModelCell& cell, Time now) {
        accepted_.push_back(cell.id);
        if (accepted_.size() > limits_.replay_window) accepted_.pop_front();
        if (skipped_.erase(cell.index) == 0) {
            if (begun_ && cell.index.epoch > current_) {
                skip(current_, next_, cell.previous_length, now);
                next_ = 0;
            }
            begun_ = true;
            current_ = cell.index.epoch;
            skip(current_, next_, cell.index.number, now);
            next_ = cell.index.number + 1;
        }
        while (skipped_.size() > limits_.max_skipped_kept) skipped_.erase(skipped_.begin());
        steps_taken(current_);
        std::erase_if(skipped_, [&](const auto& key) { return now - key.second > limits_.max_skipped_age; });
    }

    /// The receiver's own step or the peer's was number `epoch`.
    void steps_taken(u32 epoch) {
        epochs_ = std::max(epochs_, epoch);
        std::erase_if(skipped_, [&](const auto& key) {
            return key.first.epoch + limits_.max_skipped_epochs < epochs_;
        });
    }

    [[nodiscard]] std::size_t skipped_kept() const { return skipped_.size(); }

  private:
    void skip(u32 epoch, u32 from, u32 to, Time now) {
        for (u32 n = from; n < to; ++n) skipped_.insert({{epoch, n}, now});
    }
    [[nodiscard]] bool awaits_any_of(u32 epoch) const {
        const auto key = skipped_.lower_bound({epoch, 0});
        return key != skipped_.end() && key->first.epoch == epoch;
    }

    RatchetLimits limits_;
    u32 current_;
    u32 next_ = 0;
    bool begun_ = false;
    u32 epochs_ = 0;
    std::map<CellIndex, Time> skipped_;
    std::deque<std::size_t> accepted_;
};

}  // namespace chat::test
