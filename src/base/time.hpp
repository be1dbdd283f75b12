#pragma once
/// Time enters the core as an argument. Two kinds that can't be mixed: a monotonic instant for timers, and the wall clock, in
/// whole seconds since 1970-01-01 UTC, for expiry and display.

#include <chrono>

namespace chat {

/// Never read by the core: only the shell and the tests produce instants of it.
struct MonotonicClock {
    using duration = std::chrono::microseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<MonotonicClock>;
    static constexpr bool is_steady = true;
};

using Time = MonotonicClock::time_point;
using Duration = MonotonicClock::duration;
using WallTime = std::chrono::sys_seconds;

}  // namespace chat
