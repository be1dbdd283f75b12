#include "p2p_core/admission.hpp"

#include <algorithm>
#include <cassert>

#include "p2p_core/take_front.hpp"

namespace chat {

namespace {

Duration draw_hold_time(Rng& rng, const AdmissionLimits& limits) {
    assert(limits.hold_longest >= limits.hold_shortest);
    const auto spread = static_cast<u64>((limits.hold_longest - limits.hold_shortest).count());
    return limits.hold_shortest + Duration{static_cast<Duration::rep>(rng.below(spread + 1))};
}

}  // namespace

NetworkKey network_of(const IpAddress& address) {
    constexpr std::size_t most = 8;  // the first half of an IPv6 address: what one customer is given at least
    NetworkKey out;
    out.bytes[0] = address.family() == IpFamily::v4 ? 4 : 6;
    const ByteView bytes = address.bytes();
    std::copy_n(bytes.begin(), std::min(most, bytes.size()), out.bytes.begin() + 1);
    return out;
}

Admission::Admission(Rng& rng, AdmissionLimits limits) : limits_{limits}, hold_{draw_hold_time(rng, limits)} {
    assert(limits_.connections > 0 && limits_.per_network > 0);
}

void Admission::handle(const Input& input, Time now) {
    assert(outputs_.empty());
    std::visit([&](const auto& what) { apply(what, now); }, input);
}

std::optional<Admission::Output> Admission::poll() { return take_front(outputs_); }

std::optional<Time> Admission::deadline() const {
    // The hold time is the same for all, so whoever came first goes first.
    if (held_.empty()) return std::nullopt;
    return std::min_element(
               held_.begin(), held_.end(),
               [](const auto& a, const auto& b) { return a.second.reset_at < b.second.reset_at; })
        ->second.reset_at;
}

std::size_t Admission::buffered() const {
    std::size_t out = 0;
    for (const auto& [id, held] : held_) out += held.hello.frame().size();
    return out;
}

std::optional<Time> Admission::reset_time(ConnectionId connection) const {
    const auto found = held_.find(connection);
    if (found == held_.end()) return std::nullopt;
    return found->second.reset_at;
}

void Admission::apply(const Accepted& input, Time now) {
    if (!make_room(input.network)) {
        outputs_.push_back(Reset{input.connection});
        return;
    }
    const Held fresh{input.network, now + hold_, next_sequence_, Stage::collecting,
                     FixedFrameReader{limits_.hello_size}};
    const bool is_new = held_.emplace(input.connection, fresh).second;
    assert(is_new);
    static_cast<void>(is_new);
    ++next_sequence_;
    ++by_network_[input.network];
}

void Admission::apply(const Received& input, Time) {
    const auto found = held_.find(input.connection);
    if (found == held_.end() || found->second.stage != Stage::collecting) return;
    Held& held = found->second;
    ByteView rest = input.bytes;
    if (!held.hello.read(rest)) return;
    held.stage = Stage::judged;
    outputs_.push_back(HelloComplete{input.connection, held.hello.take(limits_.hello_size),
                                     Bytes(rest.begin(), rest.end())});
}

void Admission::apply(const HelloValid& input, Time) {
    const auto found = held_.find(input.connection);
    if (found == held_.end()) return;
    assert(found->second.stage == Stage::judged);
    found->second.stage = Stage::valid;
}

void Admission::apply(const Established& input, Time) {
    const auto found = held_.find(input.connection);
    if (found != held_.end()) forget(found);
}

void Admission::apply(const Refused& input, Time) {
    const auto found = held_.find(input.connection);
    if (found != held_.end()) found->second.stage = Stage::refused;
}

void Admission::apply(const Gone& input, Time) {
    const auto found = held_.find(input.connection);
    if (found != held_.end()) forget(found);
}

void Admission::apply(const TimePassed&, Time now) {
    for (auto held = held_.begin(); held != held_.end();) {
        const auto next = std::next(held);
        if (held->second.reset_at <= now) reset(held);
        held = next;
    }
}

bool Admission::make_room(const NetworkKey& network) {
    const auto share = by_network_.find(network);
    if (share != by_network_.end() && share->second >= limits_.per_network) {
        return evict_oldest([&](const Held& held) { return held.network == network; });
    }
    if (held_.size() < limits_.connections) return true;
    return evict_oldest([](const Held&) { return true; });
}

template <class Predicate>
bool Admission::evict_oldest(Predicate fits) {
    auto oldest = held_.end();
    for (auto held = held_.begin(); held != held_.end(); ++held) {
        if (held->second.stage == Stage::valid || !fits(held->second)) continue;
        if (oldest == held_.end() || held->second.sequence < oldest->second.sequence) oldest = held;
    }
    if (oldest == held_.end()) return false;
    reset(oldest);
    return true;
}

void Admission::reset(std::map<ConnectionId, Held>::iterator held) {
    outputs_.push_back(Reset{held->first});
    forget(held);
}

void Admission::forget(std::map<ConnectionId, Held>::iterator held) {
    const auto share = by_network_.find(held->second.network);
    if (--share->second == 0) by_network_.erase(share);
    held_.erase(held);
}

}  // namespace chat
