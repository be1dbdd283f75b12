#include "simulation/session_world.hpp"

#include "support/virtual_time.hpp"

namespace chat::test {

CellSigningKey SimKeySupply::take_cell_signing_key() {
    return {rng_.secret<falcon1024::Seed>(), std::make_unique<MacCellSigner>(rng_)};
}

std::shared_ptr<IdentityKeys> SimKeySupply::take_identity() {
    if (broken_) return std::make_shared<LostKeys>(identities_.back()->public_identity());
    if (identities_.empty()) return nullptr;
    auto out = identities_.back();
    identities_.pop_back();
    return out;
}

SessionWorld::SessionWorld(u64 seed, const WorldRules& rules) : rng_{seed}, rules_{rules}, now_{at(0s)} {
    // Identities are only looked at when one rotates; their keys come from one fixed stream, shared by all worlds.
    static SeededRng identity_rng{4711};
    static const std::array identities{
        std::shared_ptr<IdentityKeys>{stored_identity(StoredPair::identity_a, identity_rng)},
        std::shared_ptr<IdentityKeys>{stored_identity(StoredPair::identity_b, identity_rng)},
        std::shared_ptr<IdentityKeys>{stored_identity(StoredPair::next_a, identity_rng)},
        std::shared_ptr<IdentityKeys>{stored_identity(StoredPair::next_b, identity_rng)}};
    const SessionSecrets secrets{rng_};
    NodeOptions options;
    options.rotation_interval = rules.rotation_interval;
    options.cover_cells_per_second = rules.cover;
    options.resume_for = max_resume_for;
    for (Role role : {Role::a, Role::b}) {
        Side& own = side(role);
        options.name = role == Role::a ? "Alice" : "Bob";
        own.rng = std::make_unique<SeededRng>(rng_.below(1U << 31U));
        own.ciphertexts = std::make_unique<CiphertextTrace>();
        own.supply = std::make_unique<SimKeySupply>(*own.rng, std::vector{identities.at(2 + index(role))});
        auto inputs = cell_cipher_inputs(secrets, role, loader_, {}, &nonces_);
        CellCipher cipher =
            role == Role::a ? CellCipher::start_a(std::move(inputs), secrets.first_keys_of_b.public_keys())
                            : CellCipher::start_b(std::move(inputs), secrets.clone_first_keys());
        own.session = std::make_unique<Session>(
            Session::Inputs{role, secrets.session_id, std::move(cipher), own.rng->secret<falcon1024::Seed>(),
                            ResumeFrames{role, secrets.session_id, secrets.root_key},
                            identities.at(index(role)), identities.at(1 - index(role))->public_identity(),
                            *own.ciphertexts},
            options, *own.rng, *own.supply, now_);
    }
}

void SessionWorld::begin() {
    const StreamId stream = next_stream_++;
    streams_[stream].exporter = rng_.bytes<TlsExporter>();
    // As after the key exchange: B stands first, A's first cell follows its resp.
    side(Role::b).session->begin(stream, now_);
    side(Role::a).session->begin(stream, now_);
    drain(Role::b);
    drain(Role::a);
}

void SessionWorld::say(Role who, std::string text) {
    const auto id = side(who).session->send_text(bytes_of(text), now_);
    if (!id) return;
    side(who).said.push_back(std::move(text));
    side(who).sent_ids.insert(*id);
    drain(who);
}

void SessionWorld::quit(Role who) {
    side(who).session->quit(now_);
    drain(who);
}

Duration SessionWorld::random_delay() {
    const auto spread = static_cast<u64>((rules_.most_delay - rules_.least_delay).count());
    return rules_.least_delay + Duration{static_cast<Duration::rep>(rng_.below(spread + 1))};
}

void SessionWorld::drain(Role who) {
    while (auto output = side(who).session->poll()) {
        if (const auto* frame = std::get_if<Session::SendFrame>(&*output)) {
            transmit(who, *frame);
        } else if (const auto* end = std::get_if<Session::EndStream>(&*output)) {
            Stream& stream = streams_.at(end->stream);
            stream.open.at(index(who)) = false;
            queue_.emplace(now_ + random_delay(), Delivery{end->stream, other(who), {}, {}, true});
        } else {
            handle(who, std::get<Event>(std::move(*output)));
        }
    }
    consider_dialling(who);
}

void SessionWorld::handle(Role who, Event event) {
    Side& own = side(who);
    if (const auto* text = std::get_if<TextReceived>(&event)) {
        const ByteView bytes = text->text.expose();
        own.heard.emplace_back(bytes.begin(), bytes.end());
    } else if (const auto* delivered = std::get_if<TextDelivered>(&event)) {
        own.confirmed_ids.insert(delivered->id);
    } else if (std::holds_alternative<SecurityEvent>(event)) {
        ++refused_;
    } else if (std::holds_alternative<Resumed>(event)) {
        ++resumptions_;
    } else if (const auto* rotated = std::get_if<IdentityRotated>(&event)) {
        if (rotated->whose == Whose::theirs) ++own.rotations_seen;
    } else if (auto* ended = std::get_if<SessionEnded>(&event)) {
        own.ended = std::move(*ended);
    }
}

void SessionWorld::transmit(Role from, const Session::SendFrame& frame) {
    Side& own = side(from);
    ++own.frames_sent;
    frame_sizes_.insert(frame.body.size());
    Stream& stream = streams_.at(frame.stream);
    if (chance(rules_.stall_per_mille))
        stream.stalled_until = now_ + Duration{std::chrono::seconds{rng_.below(120)}};
    Delivery delivery{frame.stream, other(from), frame.kind, frame.body};
    Time when = std::max(now_ + random_delay(), stream.busy_until.at(index(from)));
    when = std::max(when, stream.stalled_until);
    stream.busy_until.at(index(from)) = when;
    if (chance(rules_.repeat_per_mille) && !past_.empty())
        queue_.emplace(when, past_[rng_.below(past_.size())]);
    past_.push_back(delivery);
    if (chance(rules_.damage_per_mille)) {
        const u64 bit = rng_.below(delivery.body.size() * 8);
        delivery.body[bit / 8] ^= static_cast<u8>(1U << (bit % 8));
        ++damaged_;
    }
    for (const CutAt& planned : planned_cuts_) {
        if (planned.sender == from && planned.count == own.frames_sent) delivery.cut = true;
    }
    const StreamId id = frame.stream;
    queue_.emplace(when, std::move(delivery));
    if (chance(rules_.cut_per_mille)) cut(id);
}

/// Each side learns of it at a time of its own, or, one time in four, not at all: then only silence tells.
void SessionWorld::cut(StreamId stream) {
    streams_.at(stream).stalled_until = Time::max();
    std::erase_if(queue_,
                  [&](const auto& entry) { return entry.second.stream == stream && !entry.second.cut; });
    for (Role role : {Role::a, Role::b}) {
        if (rng_.below(4) > 0) queue_.emplace(now_ + random_delay(), Delivery{stream, role, {}, {}, true});
    }
}

void SessionWorld::deliver(Delivery delivery) {
    Stream& stream = streams_.at(delivery.stream);
    if (!stream.open.at(index(delivery.to))) return;
    Session& session = *side(delivery.to).session;
    if (delivery.cut) {
        stream.open.at(index(delivery.to)) = false;
        if (!delivery.body.empty()) {
            queue_.emplace(now_ + random_delay(),
                           Delivery{delivery.stream, other(delivery.to), {}, {}, true});
        }
        session.stream_lost(delivery.stream, now_);
    } else {
        session.receive(delivery.stream, delivery.kind, delivery.body, now_);
    }
    drain(delivery.to);
}

void SessionWorld::consider_dialling(Role who) {
    Side& own = side(who);
    if (own.session->wants_stream() && !own.next_dial) own.next_dial = now_ + random_delay();
    if (!own.session->wants_stream()) own.next_dial.reset();
}

/// A new stream, through TLS, that `who` opened; the other side has it a little later.
void SessionWorld::dial(Role who) {
    side(who).next_dial.reset();
    if (side(other(who)).session->ended()) return;
    const StreamId id = next_stream_++;
    streams_[id].exporter = rng_.bytes<TlsExporter>();
    for (Role role : {other(who), who}) {
        side(role).session->stream_secured(id, streams_.at(id).exporter, now_);
        drain(role);
    }
}

std::optional<Time> SessionWorld::next_event() const {
    std::optional<Time> out;
    const auto consider = [&out](std::optional<Time> when) {
        if (when && *when != Time::max()) out = out ? std::min(*out, *when) : *when;
    };
    if (!queue_.empty()) consider(queue_.begin()->first);
    for (const Side& own : sides_) {
        consider(own.session->next_deadline());
        consider(own.next_dial);
    }
    return out;
}

void SessionWorld::step(Time when) {
    now_ = std::max(now_, when);
    while (!queue_.empty() && queue_.begin()->first <= now_) {
        Delivery delivery = std::move(queue_.begin()->second);
        queue_.erase(queue_.begin());
        deliver(std::move(delivery));
    }
    for (Role role : {Role::a, Role::b}) {
        Side& own = side(role);
        const auto due = own.session->next_deadline();
        if (due && *due <= now_) own.session->tick(now_);
        drain(role);
        if (own.next_dial && *own.next_dial <= now_) dial(role);
    }
}

void SessionWorld::run_until(Time until) {
    while (const auto when = next_event()) {
        if (*when > until) break;
        step(*when);
    }
    now_ = std::max(now_, until);
}

bool SessionWorld::settle(Duration patience) {
    calm();
    const Time limit = now_ + patience;
    const auto done = [&] {
        return side(Role::a).confirmed_ids == side(Role::a).sent_ids &&
               side(Role::b).confirmed_ids == side(Role::b).sent_ids;
    };
    while (!done()) {
        const auto when = next_event();
        if (!when || *when > limit) return false;
        step(*when);
    }
    return true;
}

}  // namespace chat::test
