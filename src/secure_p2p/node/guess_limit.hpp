#pragma once
/// How often a stranger may try to hit the authentication string of a listener without invites (docs/protocol.md 5.4): one
/// handshake at a time between init and resp, and a pause after each one that ends there, doubled from 1 s up to 60 s.

#include <algorithm>

#include "base/time.hpp"

namespace chat {

class GuessLimit {
  public:
    static constexpr Duration first_pause = std::chrono::seconds{1};
    static constexpr Duration longest_pause = std::chrono::seconds{60};

    [[nodiscard]] bool may_begin(Time now) const { return !under_way_ && now >= not_before_; }
    void begun() { under_way_ = true; }
    /// resp was accepted.
    void succeeded() {
        under_way_ = false;
        pause_ = first_pause;
    }
    /// Ended between init and resp.
    void failed(Time now) {
        under_way_ = false;
        not_before_ = now + pause_;
        pause_ = std::min(2 * pause_, longest_pause);
    }

  private:
    bool under_way_ = false;
    Time not_before_{};
    Duration pause_ = first_pause;
};

}  // namespace chat
