#include <windows.h>
// After windows.h, which it needs.
#include <realtimeapiset.h>

#include "shell/sleep_clock.hpp"

namespace chat {

std::optional<Duration> time_asleep() {
    ULONGLONG running = 0;
    ULONGLONG since_start = 0;
    if (!QueryUnbiasedInterruptTime(&running)) return std::nullopt;
    QueryInterruptTime(&since_start);
    if (since_start < running) return std::nullopt;
    using Ticks = std::chrono::duration<long long, std::ratio<1, 10'000'000>>;
    return std::chrono::duration_cast<Duration>(Ticks{static_cast<long long>(since_start - running)});
}

}  // namespace chat
