#include "p2p_core/connector.hpp"

#include <algorithm>
#include <cassert>

#include "p2p_core/take_front.hpp"

namespace chat {

using State = DialReportLine::State;

Connector::Connector(std::vector<HostPort> places, DialWinner winner, DialLimits limits)
    : winner_{winner}, limits_{limits} {
    for (HostPort& place : places) places_.push_back({std::move(place), false, {}});
}

void Connector::handle(const Input& input, Time now) {
    assert(outputs_.empty());
    if (stage_ == Stage::finished) return;
    std::visit([&](const auto& what) { apply(what, now); }, input);
    if (stage_ != Stage::racing) return;
    start_due(now);
    give_up_if_nothing_left();
}

std::optional<Connector::Output> Connector::poll() { return take_front(outputs_); }

std::optional<Time> Connector::deadline() const {
    if (stage_ != Stage::racing || !end_at_) return std::nullopt;
    Time out = std::min(*end_at_, next_start().value_or(*end_at_));
    for (const Place& place : places_) {
        if (place.open) out = std::min(out, place.asked + limits_.lookup);
    }
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        if (lines_[i].state == State::running) out = std::min(out, attempts_[i].deadline);
    }
    return out;
}

void Connector::apply(const Start&, Time now) {
    assert(stage_ == Stage::idle);
    stage_ = Stage::racing;
    end_at_ = now + limits_.total;
    not_before_ = now;
    for (u32 i = 0; i < places_.size(); ++i) {
        const HostPort& what = places_[i].what;
        places_[i].asked = now;
        if (what.ip && what.zone.empty()) {
            add_addresses(i, {SocketAddress{*what.ip, what.port}});
        } else {
            places_[i].open = true;
            outputs_.emplace_back(Resolve{i, what});
        }
    }
}

void Connector::apply(const Resolved& input, Time now) {
    if (!places_.at(input.place).open) return;
    if (input.addresses.empty()) return lookup_failed(input.place, NetError::name_not_found, now);
    places_[input.place].open = false;
    add_addresses(input.place, input.addresses);
}

void Connector::apply(const ResolveFailed& input, Time now) {
    if (places_.at(input.place).open) lookup_failed(input.place, input.error, now);
}

void Connector::apply(const AttemptConnected& input, Time now) {
    DialReportLine* line = active_line(input.attempt);
    if (line == nullptr || line->state != State::running) return;
    line->took = now - attempts_[input.attempt].started;
    if (winner_ == DialWinner::first_connected) return win(input.attempt, now);
    line->state = State::connected;
    not_before_ = std::max(not_before_, now + limits_.unconfirmed_stagger);
}

void Connector::apply(const AttemptConfirmed& input, Time now) {
    const DialReportLine* line = active_line(input.attempt);
    if (line != nullptr && line->state == State::connected) win(input.attempt, now);
}

void Connector::apply(const AttemptFailed& input, Time now) {
    if (active_line(input.attempt) != nullptr) end_attempt(input.attempt, input.error, now);
}

void Connector::apply(const TimePassed&, Time now) {
    for (u32 i = 0; i < places_.size(); ++i) {
        if (places_[i].open && now >= places_[i].asked + limits_.lookup)
            lookup_failed(i, NetError::timed_out, now);
    }
    for (AttemptId i = 0; i < lines_.size(); ++i) {
        if (lines_[i].state != State::running || now < attempts_[i].deadline) continue;
        outputs_.emplace_back(AbortAttempt{i});
        end_attempt(i, NetError::timed_out, now);
    }
    if (!end_at_ || now < *end_at_) return;
    for (u32 i = 0; i < places_.size(); ++i) {
        if (places_[i].open) lookup_failed(i, NetError::timed_out, now);
    }
    abort_running(now, NetError::timed_out);
    waiting_.clear();
    end_at_.reset();
}

void Connector::apply(const Cancel&, Time now) {
    abort_running(now, NetError::cancelled);
    for (AttemptId i = 0; i < lines_.size(); ++i) {
        if (lines_[i].state != State::connected) continue;
        outputs_.emplace_back(AbortAttempt{i});
        end_attempt(i, NetError::cancelled, now);
    }
    for (Place& place : places_) place.open = false;
    waiting_.clear();
    stage_ = Stage::finished;
    outputs_.emplace_back(GaveUp{});
}

void Connector::add_addresses(u32 place, const std::vector<SocketAddress>& addresses) {
    for (const SocketAddress& address : addresses) {
        const bool known = std::any_of(lines_.begin(), lines_.end(),
                                       [&](const DialReportLine& line) { return line.address == address; });
        if (known || addresses_ == limits_.addresses) continue;
        ++addresses_;
        DialReportLine line;
        line.place = to_text(places_[place].what);
        line.address = address;
        waiting_.push_back(lines_.size());
        lines_.push_back(std::move(line));
        attempts_.emplace_back();
    }
    interleave_waiting();
}

/// RFC 8305 section 4: families take turns; within one the order stays as it was given.
void Connector::interleave_waiting() {
    std::deque<std::size_t> mixed;
    std::optional<IpFamily> last = last_family_;
    while (!waiting_.empty()) {
        auto next = std::find_if(waiting_.begin(), waiting_.end(),
                                 [&](std::size_t i) { return lines_[i].address->ip.family() != last; });
        if (next == waiting_.end()) next = waiting_.begin();
        last = lines_[*next].address->ip.family();
        mixed.push_back(*next);
        waiting_.erase(next);
    }
    waiting_ = std::move(mixed);
}

void Connector::lookup_failed(u32 place, NetError error, Time now) {
    places_[place].open = false;
    DialReportLine line;
    line.place = to_text(places_[place].what);
    line.state = State::failed;
    line.error = error;
    line.took = now - places_[place].asked;
    outputs_.emplace_back(Progress{lines_.size()});
    lines_.push_back(std::move(line));
    attempts_.emplace_back();
}

std::optional<Time> Connector::next_start() const {
    if (waiting_.empty()) return std::nullopt;
    return not_before_;
}

void Connector::start_due(Time now) {
    while (!waiting_.empty() && now >= not_before_) start_next(now);
}

void Connector::start_next(Time now) {
    const std::size_t next = waiting_.front();
    waiting_.pop_front();
    lines_[next].state = State::running;
    last_family_ = lines_[next].address->ip.family();
    attempts_[next] = {now, now + limits_.attempt};
    not_before_ = now + limits_.stagger;
    outputs_.emplace_back(StartAttempt{static_cast<AttemptId>(next), *lines_[next].address});
}

void Connector::end_attempt(AttemptId attempt, NetError error, Time now) {
    DialReportLine& line = lines_[attempt];
    line.state = State::failed;
    line.error = error;
    line.took = now - attempts_[attempt].started;
    outputs_.emplace_back(Progress{attempt});
    // RFC 8305 section 5: a failure makes room for the next at once, but not before whoever may be the peer
    // had a chance.
    if (!any_in(State::connected)) not_before_ = std::min(not_before_, now);
}

void Connector::win(AttemptId attempt, Time now) {
    lines_[attempt].state = State::won;
    for (AttemptId i = 0; i < lines_.size(); ++i) {
        DialReportLine& line = lines_[i];
        if (line.state != State::running && line.state != State::connected) continue;
        line.state = State::failed;
        line.error = NetError::cancelled;
        line.took = now - attempts_[i].started;
        outputs_.emplace_back(AbortAttempt{i});
    }
    for (Place& place : places_) place.open = false;
    waiting_.clear();
    stage_ = Stage::finished;
    outputs_.emplace_back(Won{attempt});
}

void Connector::abort_running(Time now, NetError error) {
    for (AttemptId i = 0; i < lines_.size(); ++i) {
        if (lines_[i].state != State::running) continue;
        outputs_.emplace_back(AbortAttempt{i});
        end_attempt(i, error, now);
    }
}

void Connector::give_up_if_nothing_left() {
    if (!waiting_.empty() || any_lookup_open() || any_in(State::running) || any_in(State::connected)) return;
    stage_ = Stage::finished;
    outputs_.emplace_back(GaveUp{});
}

DialReportLine* Connector::active_line(AttemptId attempt) {
    if (attempt >= lines_.size()) return nullptr;
    DialReportLine& line = lines_[attempt];
    return line.state == State::running || line.state == State::connected ? &line : nullptr;
}

bool Connector::any_lookup_open() const {
    return std::any_of(places_.begin(), places_.end(), [](const Place& place) { return place.open; });
}

bool Connector::any_in(State state) const {
    return std::any_of(lines_.begin(), lines_.end(),
                       [&](const DialReportLine& line) { return line.state == state; });
}

std::string describe(const DialReportLine& line) {
    std::string out = line.address ? to_text(*line.address) : line.place;
    if (line.address && line.place != out) out += " (" + line.place + ")";
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(line.took).count();
    const std::string after = " after " + std::to_string(milliseconds) + " ms";
    switch (line.state) {
        case State::waiting: return out + ": not tried";
        case State::running: return out + ": trying";
        case State::connected: return out + ": connected" + after + ", not yet known to be the peer";
        case State::won: return out + ": connected" + after;
        case State::failed: break;
    }
    return out + ": " + std::string{describe(line.error)} + after;
}

}  // namespace chat
