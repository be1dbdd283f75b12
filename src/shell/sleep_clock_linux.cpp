#include <time.h>

#include "shell/sleep_clock.hpp"

namespace chat {
namespace {

std::optional<std::chrono::nanoseconds> read(clockid_t clock) {
    timespec reading{};
    if (clock_gettime(clock, &reading) != 0) return std::nullopt;
    return std::chrono::seconds{reading.tv_sec} + std::chrono::nanoseconds{reading.tv_nsec};
}

}  // namespace

std::optional<Duration> time_asleep() {
    const auto running = read(CLOCK_MONOTONIC);
    const auto since_start = read(CLOCK_BOOTTIME);
    if (!running || !since_start) return std::nullopt;
    return std::chrono::duration_cast<Duration>(*since_start - *running);
}

}  // namespace chat
