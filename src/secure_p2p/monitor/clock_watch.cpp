#include "secure_p2p/monitor/clock_watch.hpp"

#include <cstdlib>

namespace chat {
namespace {

std::string seconds_text(Duration duration) {
    const auto seconds = std::chrono::round<std::chrono::seconds>(duration).count();
    return std::to_string(std::abs(seconds)) + " s";
}

}  // namespace

std::optional<SecurityEvent> ClockWatch::observe(Time now, WallTime wall, std::optional<Duration> asleep) {
    const auto last = std::exchange(last_, Reading{now, wall, asleep});
    if (!last) return std::nullopt;
    const Duration slept = asleep && last->asleep ? *asleep - *last->asleep : Duration{};
    const Duration ahead = Duration{wall - last->wall} - (now - last->now) - slept;
    if (ahead <= -tolerance) {
        return SecurityEvent{SecurityEventKind::clock_jump,
                             "the clock was set back by " + seconds_text(ahead)};
    }
    if (ahead >= tolerance) {
        const bool told = asleep && last->asleep;
        return SecurityEvent{SecurityEventKind::clock_jump,
                             (told ? "the clock was set forward by "
                                   : "the machine slept, or its clock was set forward, by ") +
                                 seconds_text(ahead)};
    }
    if (slept >= tolerance) {
        return SecurityEvent{SecurityEventKind::suspended, "the machine slept for " + seconds_text(slept)};
    }
    return std::nullopt;
}

}  // namespace chat
