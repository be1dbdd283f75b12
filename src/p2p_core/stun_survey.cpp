#include "p2p_core/stun_survey.hpp"

#include <algorithm>
#include <cassert>

#include "p2p_core/take_front.hpp"

namespace chat {

namespace {

constexpr std::size_t max_servers = 16;

bool contains(const auto& list, const auto& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

StunSurvey::StunSurvey(StunSurveyOptions options, Rng& rng) : options_{std::move(options)}, rng_{rng} {
    if (options_.servers.size() > max_servers) options_.servers.resize(max_servers);
}

void StunSurvey::handle(const Input& input, Time now) {
    assert(outputs_.empty());
    if (finished_) return;
    std::visit([&](const auto& what) { apply(what, now); }, input);
    finish_if_done(now);
}

std::optional<StunSurvey::Output> StunSurvey::poll() { return take_front(outputs_); }

std::optional<Time> StunSurvey::deadline() const {
    if (!started_ || finished_) return std::nullopt;
    Time out = end_at_;
    for (const auto& asking : asking_) {
        if (asking && !asking->over) out = std::min(out, asking->transaction.deadline().value_or(out));
    }
    return out;
}

void StunSurvey::apply(const Start&, Time now) {
    started_ = true;
    end_at_ = now + options_.total;
    resolving_.assign(options_.servers.size(), true);
    for (u32 server = 0; server < options_.servers.size(); ++server) {
        outputs_.emplace_back(Resolve{server, options_.servers[server]});
    }
}

void StunSurvey::apply(const Resolved& input, Time now) {
    if (!resolving_.at(input.server)) return;
    std::vector<Question> questions = questions_for(input);  // first, since the Rng may throw
    resolving_[input.server] = false;
    for (Question& question : questions) ask(std::move(question), now);
    const bool usable = std::any_of(
        input.addresses.begin(), input.addresses.end(),
        [&](const SocketAddress& address) { return contains(options_.families, address.ip.family()); });
    if (!usable) record_unresolved(input.server, NetError::name_not_found);
}

std::vector<StunSurvey::Question> StunSurvey::questions_for(const Resolved& input) const {
    std::vector<Question> out;
    for (IpFamily family : options_.families) {
        const auto address = std::find_if(input.addresses.begin(), input.addresses.end(),
                                          [&](const SocketAddress& a) { return a.ip.family() == family; });
        if (address == input.addresses.end()) continue;
        for (StunTransport transport : options_.transports) {
            if (asked_already(*address, transport)) continue;
            StunProbe probe;
            probe.server = input.server;
            probe.transport = transport;
            probe.server_address = *address;
            out.push_back({probe, StunTransaction{*address, transport, rng_}});
        }
    }
    return out;
}

/// Two names for one server would count as two witnesses.
bool StunSurvey::asked_already(const SocketAddress& address, StunTransport transport) const {
    return std::any_of(result_.probes.begin(), result_.probes.end(), [&](const StunProbe& probe) {
        return probe.server_address == address && probe.transport == transport;
    });
}

void StunSurvey::apply(const ResolveFailed& input, Time) {
    if (!resolving_.at(input.server)) return;
    resolving_[input.server] = false;
    record_unresolved(input.server, input.error);
}

void StunSurvey::record_unresolved(u32 server, NetError error) {
    StunProbe probe;
    probe.server = server;
    probe.failure = StunFailure{error};
    result_.probes.push_back(probe);
    asking_.emplace_back();
    outputs_.emplace_back(Progress{static_cast<u32>(result_.probes.size() - 1)});
}

void StunSurvey::ask(Question question, Time now) {
    const u32 index = static_cast<u32>(result_.probes.size());
    result_.probes.push_back(question.probe);
    asking_.emplace_back(Asking{std::move(question.transaction), {}, now, false});
    if (question.probe.transport == StunTransport::tcp) {
        outputs_.emplace_back(Connect{index, *question.probe.server_address});
    } else {
        drive(index, StunTransaction::Start{}, now);
    }
}

void StunSurvey::apply(const LocalAddress& input, Time) {
    if (input.probe < result_.probes.size()) result_.probes[input.probe].local = input.local;
}

void StunSurvey::apply(const Connected& input, Time now) {
    if (open(input.probe)) drive(input.probe, StunTransaction::Start{}, now);
}

void StunSurvey::apply(const Failed& input, Time now) {
    if (!open(input.probe)) return;
    const bool ended = input.error == NetError::closed && asking_[input.probe]->transaction.deadline();
    if (ended) {
        drive(input.probe, StunTransaction::ConnectionClosed{}, now);
    } else {
        end_probe(input.probe, StunFailure{input.error}, now);
    }
}

void StunSurvey::apply(const Datagram& input, Time now) {
    const auto message = StunMessage::decode(input.bytes);
    if (!message) return;
    for (u32 probe = 0; probe < asking_.size(); ++probe) {
        const bool udp = result_.probes[probe].transport == StunTransport::udp;
        if (!udp || !open(probe) || asking_[probe]->transaction.id() != message->transaction()) continue;
        drive(probe, StunTransaction::Received{input.source, input.bytes}, now);
    }
}

void StunSurvey::apply(const StreamBytes& input, Time now) {
    ByteView rest = input.bytes;
    while (open(input.probe) && !rest.empty()) {
        const auto message = asking_[input.probe]->stream.read(rest);
        if (!message) {
            end_probe(input.probe, StunFailure{message.error()}, now);
        } else if (*message) {
            const SocketAddress source = *result_.probes[input.probe].server_address;
            drive(input.probe, StunTransaction::Received{source, **message}, now);
        }
    }
}

void StunSurvey::apply(const TimePassed&, Time now) {
    if (now >= end_at_) return;  // finish_if_done() says the rest
    for (u32 probe = 0; probe < asking_.size(); ++probe) {
        if (open(probe)) drive(probe, StunTransaction::TimePassed{}, now);
    }
}

void StunSurvey::drive(u32 probe, const StunTransaction::Input& input, Time now) {
    StunTransaction& transaction = asking_[probe]->transaction;
    transaction.handle(input, now);
    while (auto output = transaction.poll()) {
        StunProbe& line = result_.probes[probe];
        if (auto* transmit = std::get_if<StunTransaction::Transmit>(&*output)) {
            if (line.transport == StunTransport::tcp) {
                outputs_.emplace_back(SendStream{probe, std::move(transmit->message)});
            } else {
                outputs_.emplace_back(
                    SendDatagram{probe, *line.server_address, std::move(transmit->message)});
            }
            continue;
        }
        const auto& mapped = std::get_if<StunTransaction::Done>(&*output)->mapped;
        line.error_code = transaction.error_code();
        if (!mapped) return end_probe(probe, StunFailure{mapped.error()}, now);
        line.mapped = *mapped;
        close_probe(probe, now);
    }
}

void StunSurvey::end_probe(u32 probe, const StunFailure& failure, Time now) {
    result_.probes[probe].failure = failure;
    close_probe(probe, now);
}

void StunSurvey::close_probe(u32 probe, Time now) {
    asking_[probe]->over = true;
    result_.probes[probe].took = now - asking_[probe]->began;
    if (result_.probes[probe].transport == StunTransport::tcp) outputs_.emplace_back(Close{probe});
    outputs_.emplace_back(Progress{probe});
    if (enough_answers()) end_at_ = std::min(end_at_, now + options_.stragglers);
}

bool StunSurvey::enough_answers() const {
    for (IpFamily family : options_.families) {
        for (StunTransport transport : options_.transports) {
            std::size_t answers = 0;
            bool may_come = contains(resolving_, true);
            for (u32 i = 0; i < result_.probes.size(); ++i) {
                const StunProbe& probe = result_.probes[i];
                if (!probe.server_address || probe.server_address->ip.family() != family) continue;
                if (probe.transport != transport) continue;
                answers += probe.mapped ? 1U : 0U;
                may_come = may_come || open(i);
            }
            if (may_come && answers < options_.enough_answers) return false;
        }
    }
    return true;
}

void StunSurvey::finish_if_done(Time now) {
    if (!started_ || finished_) return;
    const bool nothing_open = !contains(resolving_, true) &&
                              std::none_of(asking_.begin(), asking_.end(),
                                           [](const auto& asking) { return asking && !asking->over; });
    if (nothing_open || now >= end_at_) finish(now);
}

void StunSurvey::finish(Time now) {
    for (u32 server = 0; server < resolving_.size(); ++server) {
        if (resolving_[server]) record_unresolved(server, NetError::timed_out);
    }
    resolving_.assign(resolving_.size(), false);
    for (u32 probe = 0; probe < asking_.size(); ++probe) {
        if (open(probe)) end_probe(probe, StunFailure{StunError::deadline}, now);
    }
    finished_ = true;
    outputs_.emplace_back(Finished{});
}

}  // namespace chat
