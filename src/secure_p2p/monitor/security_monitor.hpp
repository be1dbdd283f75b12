#pragma once
/// Counts what goes wrong, and says when it is enough for a warning or for the end of the session. Sans-I/O, in constant memory:
/// it gets kinds, fixed reasons and sizes, never content. Strict order (docs/decisions/001-strict-order.md) leaves no skipped
/// message keys to count; gaps stand in their place.

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "secure_p2p/monitor/security_policy.hpp"
#include "secure_p2p/monitor/sliding_count.hpp"

namespace chat {

/// For /security.
struct SecurityReport {
    enum class State : u8 { quiet, warned, alarm };
    struct Line {
        SecurityRule rule;
        u64 total = 0;
        u32 last_minute = 0;
        State state{};
    };
    struct Recent {
        SecurityEvent event;
        u64 times = 0;  ///< in a row
        Time last{};
    };
    std::vector<Line> lines;     ///< one for each kind
    std::vector<Recent> recent;  ///< oldest first
};

/// As what the monitor counts an event, also one that is told for another purpose; empty: it does not.
[[nodiscard]] std::optional<SecurityEvent> counted_as(const Event& event);

class SecurityMonitor {
  public:
    /// A kind is warned of again only after this long, so that nobody can fill the screen.
    static constexpr Duration warning_pause = std::chrono::minutes{10};
    static constexpr std::size_t recent_kept = 12;

    struct Verdict {
        std::optional<SecurityWarning> warning;
        /// The session must end; why. Given for every event from the threshold on.
        std::optional<std::string> end;
    };
    /// One event; `now` never runs backwards.
    [[nodiscard]] Verdict record(const SecurityEvent& event, Time now);
    /// The session that the peer's events belong to is over: another peer starts at zero. Totals stay.
    void forget_peer();

    [[nodiscard]] u64 total(SecurityEventKind kind) const { return counter(kind).total; }
    [[nodiscard]] SecurityReport report(Time now) const;

  private:
    struct Counter {
        u64 total = 0;
        SlidingCount window;
        std::optional<Time> warned;
        bool ended = false;
    };
    [[nodiscard]] Counter& counter(SecurityEventKind kind) {
        return counters_.at(static_cast<std::size_t>(kind));
    }
    [[nodiscard]] const Counter& counter(SecurityEventKind kind) const {
        return counters_.at(static_cast<std::size_t>(kind));
    }
    void remember(const SecurityEvent& event, Time now);

    std::array<Counter, security_event_kinds> counters_{};
    std::deque<SecurityReport::Recent> recent_;
};

}  // namespace chat
