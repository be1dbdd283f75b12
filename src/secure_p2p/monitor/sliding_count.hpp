#pragma once
/// How many events fell into the last minute, in constant memory: one bucket for each second.

#include <array>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace chat {

class SlidingCount {
  public:
    static constexpr i64 seconds = 60;

    /// `now` never runs backwards.
    void add(Time now) {
        forget_old(now);
        ++buckets_.at(static_cast<std::size_t>(newest_ % seconds));
        ++sum_;
    }
    /// Events of the last 60 seconds, to a second.
    [[nodiscard]] u32 count(Time now) {
        forget_old(now);
        return sum_;
    }
    void clear() {
        buckets_.fill(0);
        sum_ = 0;
    }

  private:
    void forget_old(Time now) {
        const i64 second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
        if (second - newest_ >= seconds) clear();
        for (; newest_ < second && sum_ > 0; ++newest_) {
            u32& oldest = buckets_.at(static_cast<std::size_t>((newest_ + 1) % seconds));
            sum_ -= oldest;
            oldest = 0;
        }
        newest_ = std::max(newest_, second);
    }

    std::array<u32, seconds> buckets_{};
    u32 sum_ = 0;
    i64 newest_ = 0;
};

}  // namespace chat
