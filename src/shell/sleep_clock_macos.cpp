#include <mach/mach_time.h>

#include "shell/sleep_clock.hpp"

namespace chat {

std::optional<Duration> time_asleep() {
    mach_timebase_info_data_t base{};
    if (mach_timebase_info(&base) != KERN_SUCCESS || base.denom == 0) return std::nullopt;
    const auto running = mach_absolute_time();
    const auto since_start = mach_continuous_time();
    const std::chrono::nanoseconds slept{(since_start - running) * base.numer / base.denom};
    return std::chrono::duration_cast<Duration>(slept);
}

}  // namespace chat
