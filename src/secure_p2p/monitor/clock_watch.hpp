#pragma once
/// Compares the wall clock with the monotonic one, which stands still while the machine sleeps. Told how long the machine has slept
/// so far, it tells sleep and a clock that was set apart; without that only a step backwards is surely the latter.

#include <optional>

#include "secure_p2p/events.hpp"

namespace chat {

class ClockWatch {
  public:
    /// The wall clock comes in whole seconds, and a clock that is adjusted slowly gains at most a tenth.
    static constexpr Duration tolerance = std::chrono::seconds{5};

    /// `asleep`: in all, since any fixed moment; empty where the system does not say.
    [[nodiscard]] std::optional<SecurityEvent> observe(Time now, WallTime wall,
                                                       std::optional<Duration> asleep);

  private:
    struct Reading {
        Time now;
        WallTime wall;
        std::optional<Duration> asleep;
    };
    std::optional<Reading> last_;
};

}  // namespace chat
