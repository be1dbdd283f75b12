#pragma once
/// How long this machine has slept, which the monotonic clock leaves out and the wall clock does not.

#include <optional>

#include "base/time.hpp"

namespace chat {

/// Since the machine was started; empty where the system does not tell.
[[nodiscard]] std::optional<Duration> time_asleep();

}  // namespace chat
