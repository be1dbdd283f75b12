#pragma once
/// Pauses between tries: each twice the one before up to a limit, drawn from the upper half so that two peers
/// who lost each other at the same moment don't meet at the same moment again.

#include "base/rng.hpp"
#include "base/time.hpp"

namespace chat {

struct BackoffLimits {
    Duration first = std::chrono::milliseconds{500};
    Duration longest = std::chrono::seconds{30};
};

class Backoff {
  public:
    explicit Backoff(BackoffLimits limits = {}) : limits_{limits}, ceiling_{limits.first} {}

    /// Uniform in [ceiling/2, ceiling], then doubles the ceiling. If the Rng throws, nothing has changed.
    [[nodiscard]] Duration next(Rng& rng);
    /// After success: begin anew.
    void reset() { ceiling_ = limits_.first; }

  private:
    BackoffLimits limits_;
    Duration ceiling_;
};

}  // namespace chat
