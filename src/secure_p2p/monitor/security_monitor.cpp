#include "secure_p2p/monitor/security_monitor.hpp"

namespace chat {

std::string_view describe(Origin origin) {
    switch (origin) {
        case Origin::network: return "network";
        case Origin::peer: return "other side";
        case Origin::machine: return "this machine";
    }
    return "";
}

std::optional<SecurityEvent> counted_as(const Event& event) {
    if (const auto* security = std::get_if<SecurityEvent>(&event)) return *security;
    if (const auto* failed = std::get_if<HandshakeFailed>(&event)) {
        return SecurityEvent{SecurityEventKind::handshake_refused, failed->reason};
    }
    if (std::holds_alternative<SpentInviteTried>(event)) {
        return SecurityEvent{SecurityEventKind::spent_invite, "an invite that was used before"};
    }
    const auto* lost = std::get_if<ConnectionLost>(&event);
    if (lost == nullptr || lost->reason == LostReason::gap || lost->reason == LostReason::replaced) return {};
    return SecurityEvent{SecurityEventKind::connection_reset, std::string{describe(lost->reason)}};
}

SecurityMonitor::Verdict SecurityMonitor::record(const SecurityEvent& event, Time now) {
    const SecurityRule& rule = rule_of(event.kind);
    Counter& own = counter(event.kind);
    ++own.total;
    own.window.add(now);
    remember(event, now);
    const u32 recent = own.window.count(now);
    Verdict out;
    if (rule.end_from != 0 && recent >= rule.end_from) {
        own.ended = true;
        out.end = std::string{describe(event.kind)} + " (" + event.reason + "), " + std::to_string(recent) +
                  " in the last minute: " + std::string{rule.reason};
        return out;
    }
    const bool loud = rule.warn_from != 0 && recent >= rule.warn_from;
    if (loud && (!own.warned || now >= *own.warned + warning_pause)) {
        own.warned = now;
        out.warning = SecurityWarning{event.kind, recent, event.reason};
    }
    return out;
}

void SecurityMonitor::remember(const SecurityEvent& event, Time now) {
    if (!recent_.empty()) {
        auto& latest = recent_.back();
        if (latest.event.kind == event.kind && latest.event.reason == event.reason) {
            latest.event.size = event.size;
            latest.last = now;
            ++latest.times;
            return;
        }
    }
    if (recent_.size() == recent_kept) recent_.pop_front();
    recent_.push_back({event, 1, now});
}

void SecurityMonitor::forget_peer() {
    for (const SecurityRule& rule : security_rules) {
        if (rule.origin != Origin::peer) continue;
        Counter& own = counter(rule.kind);
        own.window.clear();
        own.warned.reset();
        own.ended = false;
    }
}

SecurityReport SecurityMonitor::report(Time now) const {
    SecurityReport out;
    for (const SecurityRule& rule : security_rules) {
        const Counter& own = counter(rule.kind);
        SlidingCount window = own.window;
        SecurityReport::Line line{rule, own.total, window.count(now), SecurityReport::State::quiet};
        if (own.warned && now < *own.warned + warning_pause) line.state = SecurityReport::State::warned;
        if (own.ended) line.state = SecurityReport::State::alarm;
        out.lines.push_back(line);
    }
    out.recent.assign(recent_.begin(), recent_.end());
    return out;
}

}  // namespace chat
