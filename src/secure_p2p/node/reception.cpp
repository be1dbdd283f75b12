#include "secure_p2p/node/reception.hpp"

namespace chat {

Reception::Reception(Rng& rng, CiphertextLog& log) : rng_{rng}, log_{log}, admission_{rng} {}

Result<SecretId, GateError> Reception::offer_invite(const PresharedSecret& secret, Offer offer) {
    const auto id = gate_.add_invite(secret);
    if (id) offers_.emplace(id->value, std::move(offer));
    return id;
}

Result<SecretId, GateError> Reception::offer_open(std::shared_ptr<IdentityKeys> identity) {
    const auto id = gate_.add_open();
    if (id) offers_.emplace(id->value, Offer{std::move(identity), InviteUse::reusable, std::nullopt});
    return id;
}

Result<SecretId, GateError> Reception::offer_resume(const PresharedSecret& secret, Role own_role) {
    return gate_.add_resume(secret, own_role);
}

const Reception::Offer* Reception::offer(SecretId id) const {
    const auto found = offers_.find(id.value);
    return found == offers_.end() ? nullptr : &found->second;
}

void Reception::agreed(SecretId id, Time now) {
    const auto found = offers_.find(id.value);
    if (found == offers_.end() || found->second.use == InviteUse::reusable) return;
    gate_.retire(id, SecretStanding::spent, now);
    offers_.erase(found);
}

void Reception::accepted(StreamId stream, const NetworkKey& network, Time now) {
    admission_.handle(Admission::Accepted{stream, network}, now);
    drain_admission(Vacancy::free, now);
}

void Reception::receive(StreamId stream, ByteView bytes, Vacancy vacancy, Time now) {
    admission_.handle(Admission::Received{stream, bytes}, now);
    drain_admission(vacancy, now);
}

void Reception::established(StreamId stream, Time now) {
    admission_.handle(Admission::Established{stream}, now);
}

void Reception::refused(StreamId stream, Time now) { admission_.handle(Admission::Refused{stream}, now); }

void Reception::gone(StreamId stream, Time now) { admission_.handle(Admission::Gone{stream}, now); }

void Reception::tick(Time now, WallTime wall) {
    for (auto each = offers_.begin(); each != offers_.end();) {
        if (each->second.expiry && wall >= *each->second.expiry) {
            gate_.retire(SecretId{each->first}, SecretStanding::expired, now);
            each = offers_.erase(each);
        } else {
            ++each;
        }
    }
    gate_.drop_old(now);
    admission_.handle(Admission::TimePassed{}, now);
    drain_admission(Vacancy::free, now);
}

void Reception::drain_admission(Vacancy vacancy, Time now) {
    while (auto output = admission_.poll()) {
        if (auto* complete = std::get_if<Admission::HelloComplete>(&*output)) {
            judge(std::move(*complete), vacancy, now);
        } else if (const auto* reset = std::get_if<Admission::Reset>(&*output)) {
            outputs_.emplace_back(Reset{reset->connection});
        }
    }
}

void Reception::judge(Admission::HelloComplete complete, Vacancy vacancy, Time now) {
    log_.arriving(Ciphertext::hello, complete.hello.size());
    auto hello = gate_.try_hello(complete.hello);
    if (!hello) {
        const bool replay = hello.error() == BootstrapError::replayed_hello;
        outputs_.emplace_back(
            Event{SecurityEvent{replay ? SecurityEventKind::hello_replayed : SecurityEventKind::hello_refused,
                                std::string{describe(hello.error())}, complete.hello.size()}});
        if (hello.error() == BootstrapError::secret_closed && !std::exchange(told_of_closed_, true)) {
            outputs_.emplace_back(
                Event{HandshakeFailed{Stage::bootstrap, std::string{describe(hello.error())}}});
        }
        return;
    }
    admission_.handle(Admission::HelloValid{complete.connection}, now);
    if (hello->standing() == SecretStanding::spent) {
        outputs_.emplace_back(Event{SpentInviteTried{}});
        return tell(complete.connection, std::move(*hello), BootstrapStatus::spent, now);
    }
    if (hello->standing() == SecretStanding::expired) {
        return tell(complete.connection, std::move(*hello), BootstrapStatus::expired, now);
    }
    if (hello->kind() != SecretKind::resume && vacancy == Vacancy::taken) {
        return tell(complete.connection, std::move(*hello), BootstrapStatus::busy, now);
    }
    outputs_.emplace_back(Visitor{complete.connection, std::move(*hello), std::move(complete.rest)});
}

void Reception::tell(StreamId stream, OpenedHello hello, BootstrapStatus status, Time now) {
    auto reply = std::move(hello).refuse(status, rng_);
    if (reply) outputs_.emplace_back(Answer{stream, std::move(*reply)});
    admission_.handle(Admission::Refused{stream}, now);
}

std::optional<Reception::Output> Reception::poll() {
    if (outputs_.empty()) return std::nullopt;
    Output out = std::move(outputs_.front());
    outputs_.pop_front();
    return out;
}

}  // namespace chat
