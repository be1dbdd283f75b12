#include <algorithm>

#include "p2p_core/stun_survey.hpp"

namespace chat {

namespace {

struct Vote {
    SocketAddress address;
    std::size_t count = 0;
};

/// Distinct values of the chosen probes, most frequent first; of equals the one seen first.
template <class Choose>
std::vector<Vote> count_votes(const std::vector<StunProbe>& probes, Choose choose) {
    std::vector<Vote> votes;
    for (const StunProbe& probe : probes) {
        const std::optional<SocketAddress> seen = choose(probe);
        if (!seen) continue;
        const auto same =
            std::find_if(votes.begin(), votes.end(), [&](const Vote& vote) { return vote.address == *seen; });
        if (same != votes.end()) {
            ++same->count;
        } else {
            votes.push_back({*seen, 1});
        }
    }
    std::stable_sort(votes.begin(), votes.end(),
                     [](const Vote& a, const Vote& b) { return a.count > b.count; });
    return votes;
}

bool is_answer(const StunProbe& probe, IpFamily family, StunTransport transport) {
    return probe.mapped && probe.transport == transport && probe.server_address->ip.family() == family;
}

/// Only what left from one port can be compared. All UDP questions do.
bool same_source(const StunProbe& a, const StunProbe& b) {
    if (a.transport == StunTransport::udp) return true;
    return a.local && b.local && a.local->port == b.local->port;
}

}  // namespace

std::string_view describe(const StunFailure& failure) {
    return std::visit([](auto error) { return describe(error); }, failure);
}

std::string_view describe(NatMapping mapping) {
    switch (mapping) {
        case NatMapping::unknown: return "not known: fewer than two servers saw the same port";
        case NatMapping::none: return "no address translation";
        case NatMapping::endpoint_independent: return "address translation, the same for every destination";
        case NatMapping::endpoint_dependent: return "address translation, another one for each destination";
    }
    return "not known";
}

std::vector<IpAddress> StunSurveyResult::public_addresses(IpFamily family) const {
    const auto votes = count_votes(probes, [&](const StunProbe& probe) -> std::optional<SocketAddress> {
        if (!probe.mapped || probe.mapped->ip.family() != family) return std::nullopt;
        return SocketAddress{probe.mapped->ip, 0};
    });
    std::vector<IpAddress> out;
    for (const Vote& vote : votes) out.push_back(vote.address.ip);
    return out;
}

std::optional<SocketAddress> StunSurveyResult::public_tcp(IpFamily family) const {
    const auto votes = count_votes(probes, [&](const StunProbe& probe) {
        return is_answer(probe, family, StunTransport::tcp) ? probe.mapped : std::nullopt;
    });
    if (votes.empty()) return std::nullopt;
    return votes.front().address;
}

NatMapping StunSurveyResult::mapping(IpFamily family, StunTransport transport) const {
    NatMapping out = NatMapping::unknown;
    for (auto a = probes.begin(); a != probes.end(); ++a) {
        if (!is_answer(*a, family, transport)) continue;
        if (a->local == a->mapped) return NatMapping::none;
        for (auto b = probes.begin(); b != a; ++b) {
            if (!is_answer(*b, family, transport) || !same_source(*a, *b)) continue;
            if (a->mapped != b->mapped) return NatMapping::endpoint_dependent;
            out = NatMapping::endpoint_independent;
        }
    }
    return out;
}

bool StunSurveyResult::any_answer() const {
    return std::any_of(probes.begin(), probes.end(),
                       [](const StunProbe& probe) { return probe.mapped.has_value(); });
}

}  // namespace chat
