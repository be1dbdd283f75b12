#include "secure_p2p/node/node.hpp"

namespace chat {
void Node::say(Event event) {
    const auto security = counted_as(event);
    outputs_.emplace_back(std::move(event));
    if (security) count(*security);
}

void Node::count(const SecurityEvent& event) {
    SecurityMonitor::Verdict verdict = monitor_.record(event, latest_);
    if (verdict.warning) outputs_.emplace_back(Event{std::move(*verdict.warning)});
    if (verdict.end && !alarm_) alarm_ = Alarm{rule_of(event.kind).origin, std::move(*verdict.end)};
}

void Node::report(SecurityEventKind kind, std::string reason, Time now) {
    guarded(now, [&] { say(SecurityEvent{kind, std::move(reason)}); });
}

/// A peer ends its own session only: a host goes on waiting for the next guest.
bool Node::answer_alarm(Time now) {
    if (!alarm_) return false;
    const Alarm alarm = *std::exchange(alarm_, std::nullopt);
    if (alarm.origin == Origin::machine) {
        end(EndReason::security_alarm, alarm.detail, now);
    } else if (ActiveSession* const current = active()) {
        current->session->stop(EndReason::security_alarm, alarm.detail, now);
    }
    return true;
}

void Node::end(EndReason reason, std::string detail, Time now) {
    if (ended_) return;
    bool told = false;
    for (const auto& each : sessions_) {
        // Without randomness nothing can be sealed any more.
        if (reason == EndReason::randomness_failed) {
            each->session->abandon(reason, detail);
        } else {
            each->session->stop(reason, detail, now);
        }
        while (auto output = each->session->poll()) {
            if (const auto* frame = std::get_if<Session::SendFrame>(&*output)) send_last(*frame);
            auto* event = std::get_if<Event>(&*output);
            if (event == nullptr || !std::holds_alternative<SessionEnded>(*event)) continue;
            if (!told) outputs_.emplace_back(std::move(*event));
            told = true;
        }
    }
    while (!connections_.empty()) drop_connection(connections_.begin()->first, StreamEnd::orderly);
    sessions_.clear();
    if (!told) outputs_.emplace_back(Event{SessionEnded{reason, std::move(detail), {}}});
    ended_ = true;
}

/// A frame of a session that is over: written out, whatever becomes of the connection.
void Node::send_last(const Session::SendFrame& frame) {
    const auto found = connections_.find(frame.stream);
    if (found == connections_.end()) return;
    Connection& connection = found->second.connection;
    connection.send(frame.kind, frame.body);
    while (auto output = connection.poll()) {
        if (auto* write = std::get_if<Link::Write>(&*output))
            outputs_.emplace_back(Transmit{frame.stream, std::move(write->bytes)});
    }
}

}  // namespace chat
