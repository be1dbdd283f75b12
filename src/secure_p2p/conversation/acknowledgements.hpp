#pragma once
/// When this side owes the peer an acknowledgement (docs/protocol.md 8): 50 to 250 ms after a cell that is not a bare
/// acknowledgement itself, or as soon as 128 of them wait. Any cell that goes out carries it.

#include <optional>

#include "base/rng.hpp"
#include "base/time.hpp"
#include "secure_p2p/conversation/outbox.hpp"

namespace chat {

inline constexpr Duration min_acknowledgement_delay = std::chrono::milliseconds{50};
inline constexpr Duration max_acknowledgement_delay = std::chrono::milliseconds{250};
inline constexpr u64 acknowledge_at_once_after = 128;

class Acknowledgements {
  public:
    /// The next cell of the peer, in order, was accepted.
    void accepted(ContentType type, Rng& rng, Time now) {
        ++accepted_;
        if (type == ContentType::acknowledgement) return;
        ++waiting_;
        if (waiting_ >= acknowledge_at_once_after) due_ = now;
        if (due_) return;
        const auto spread = static_cast<u64>((max_acknowledgement_delay - min_acknowledgement_delay).count());
        due_ = now + min_acknowledgement_delay + Duration{static_cast<Duration::rep>(rng.below(spread + 1))};
    }
    /// Makes one due now.
    void demand(Time now) { due_ = now; }
    /// A cell or a resume frame with count() in it went out.
    void told() {
        told_ = accepted_;
        waiting_ = 0;
        due_.reset();
    }

    /// Cells of the peer accepted without a gap; also the position that its next one must have.
    [[nodiscard]] u64 count() const { return accepted_; }
    /// The peer may not have more cells under way than its window, counted from what we told it.
    [[nodiscard]] bool peer_window_full() const { return accepted_ - told_ >= window_cells; }
    [[nodiscard]] std::optional<Time> due() const { return due_; }

  private:
    u64 accepted_ = 0;
    u64 told_ = 0;
    u64 waiting_ = 0;
    std::optional<Time> due_;
};

}  // namespace chat
