#include "simulation/node_world.hpp"

#include "support/virtual_time.hpp"

namespace chat::test {
namespace {

constexpr Duration one_way = 5ms;
const WallTime wall_start{std::chrono::seconds{1'800'000'000}};

}  // namespace

ChannelCertificate NodeKeySupply::take_certificate() { return make_channel_certificate(rng_, wall_start); }

CellSigningKey NodeKeySupply::take_cell_signing_key() {
    EphemeralSigningPair pair = make_ephemeral_signing_pair(rng_);
    return {std::move(pair.seed),
            std::make_unique<FalconCellSigner>(std::move(pair.signing_key), pair.public_key)};
}

std::shared_ptr<IdentityKeys> NodeKeySupply::take_identity() {
    if (next_identities_.empty()) return nullptr;
    const StoredPair next = next_identities_.back();
    next_identities_.pop_back();
    return stored_identity(next, rng_);
}

NodeWorld::NodeWorld(u64 seed, Way way, NodeOptions options)
    : rng_{seed}, secret_{rng_.secret<PresharedSecret>()}, way_{way}, now_{at(0s)} {
    for (Role role : {Role::a, Role::b}) {
        const bool a = role == Role::a;
        Person& person = people_.at(index(role));
        person.rng = std::make_unique<BreakableRng>(rng_.below(1U << 31U));
        person.supply =
            std::make_unique<NodeKeySupply>(*person.rng, a ? StoredPair::efk_a : StoredPair::efk_b,
                                            std::vector{a ? StoredPair::next_a : StoredPair::next_b});
        person.ciphertexts = std::make_unique<CiphertextTrace>();
        options.name = a ? "Alice" : "Bob";
        person.node = std::make_unique<Node>(
            options, *person.rng, *person.supply, tls_,
            stored_identity(a ? StoredPair::identity_a : StoredPair::identity_b, *person.rng),
            *person.ciphertexts);
    }
    if (way == Way::open) {
        static_cast<void>(node(Role::b).offer_open());
    } else {
        static_cast<void>(node(Role::b).offer_invite(secret_, wall_start + 24h, InviteUse::single));
    }
}

void NodeWorld::begin() {
    if (way_ == Way::open) {
        node(Role::a).connect_open(now_);
    } else {
        node(Role::a).join(secret_.clone(), node(Role::b).fingerprint(), now_);
    }
    drain(Role::a);
}

void NodeWorld::say(Role who, const std::string& text) {
    static_cast<void>(node(who).send_text(bytes_of(text), now_));
    drain(who);
}

void NodeWorld::act(Role who, const std::function<void(Node&, Time)>& action) {
    action(node(who), now_);
    drain(who);
}

void NodeWorld::drain(Role who) {
    while (auto output = node(who).poll()) {
        if (auto* bytes = std::get_if<Transmit>(&*output)) {
            transmit(who, std::move(*bytes));
        } else if (const auto* end = std::get_if<CloseStream>(&*output)) {
            close(who, end->stream);
        } else if (const auto* dial = std::get_if<Dial>(&*output)) {
            dials_.emplace(now_ + 2 * one_way, dial->ticket);
        } else if (const auto* confirmed = std::get_if<StreamConfirmed>(&*output)) {
            undecided_.erase(confirmed->stream);
        } else if (auto* event = std::get_if<Event>(&*output)) {
            hear(who, std::move(*event));
        }
    }
}

void NodeWorld::hear(Role who, Event event) {
    Person& person = people_.at(index(who));
    if (const auto* text = std::get_if<TextReceived>(&event)) {
        const ByteView bytes = text->text.expose();
        person.heard.emplace_back(bytes.begin(), bytes.end());
    }
    person.events.push_back(std::move(event));
}

StreamId NodeWorld::open_as_stranger() {
    const StreamId id = next_stream_++;
    open_[id] = {false, true};
    to_strangers_[id] = 0;
    NetworkKey network;
    network.bytes[0] = 9;
    act(Role::b, [&](Node& host, Time now) { host.stream_accepted(id, network, now); });
    return id;
}

NodeWorld::Latecomer::Latecomer(NodeWorld& world) {
    SeededRng rng{77};
    NodeKeySupply supply{rng, StoredPair::stranger_efk, {}};
    Node late{{}, rng, supply, world.tls_, stored_identity(StoredPair::stranger, rng)};
    const StreamId stream = world.open_as_stranger();
    const auto drain = [&] {
        while (auto output = late.poll()) {
            if (auto* bytes = std::get_if<Transmit>(&*output))
                world.inject(stream, Role::b, std::move(bytes->bytes));
            if (const auto* dial = std::get_if<Dial>(&*output))
                late.stream_dialled(dial->ticket, stream, world.now());
            const auto* event = std::get_if<Event>(&*output);
            if (event == nullptr) continue;
            if (const auto* ended = std::get_if<SessionEnded>(event)) outcome_ = ended->reason;
        }
    };
    world.stranger_hears_ = [&](const Bytes& bytes) {
        late.receive(stream, bytes, world.now());
        drain();
    };
    late.join(world.invite_secret(), world.node(Role::b).fingerprint(), world.now());
    drain();
    world.run_until([&] { return outcome_.has_value(); }, 30s);
    world.stranger_hears_ = nullptr;
}

NodeWorld::Staller::Staller(NodeWorld& world) {
    SeededRng rng{78};
    NodeKeySupply supply{rng, StoredPair::stranger_efk, {}};
    Node node{{}, rng, supply, world.tls_, stored_identity(StoredPair::stranger, rng)};
    const StreamId stream = world.open_as_stranger();
    bool finished = false;
    const auto drain = [&] {
        while (auto output = node.poll()) {
            if (const auto* dial = std::get_if<Dial>(&*output))
                node.stream_dialled(dial->ticket, stream, world.now());
            auto* bytes = std::get_if<Transmit>(&*output);
            if (bytes == nullptr || finished) continue;
            finished = bytes->bytes.size() > bootstrap_finish_size;
            if (finished) bytes->bytes.resize(bootstrap_finish_size);
            world.inject(stream, Role::b, std::move(bytes->bytes));
        }
    };
    world.stranger_hears_ = [&](const Bytes& bytes) {
        node.receive(stream, bytes, world.now());
        drain();
    };
    node.join(world.invite_secret(), world.node(Role::b).fingerprint(), world.now());
    drain();
    world.run_until([&] { return finished; }, 5s);
    world.run_for(100ms);
    world.stranger_hears_ = nullptr;
}

void NodeWorld::transmit(Role from, Transmit command) {
    if (const auto stranger = to_strangers_.find(command.stream); stranger != to_strangers_.end()) {
        stranger->second += command.bytes.size();
        if (stranger_hears_) stranger_hears_(command.bytes);
        return;
    }
    const u64 number = ++people_.at(index(from)).chunks;
    const Fate fate = meddler_ ? meddler_(from, number, command.stream, command.bytes) : Fate::deliver;
    if (fate == Fate::cut) return cut(command.stream);
    if (fate == Fate::drop) return;
    queue_.emplace(now_ + one_way, Delivery{command.stream, other(from), std::move(command.bytes)});
}

void NodeWorld::close(Role from, StreamId stream) {
    const auto undecided = undecided_.find(stream);
    if (from == Role::a && undecided != undecided_.end()) {
        failed_dials_.emplace(now_, undecided->second);
        undecided_.erase(undecided);
    }
    open_.at(stream).at(index(from)) = false;
    queue_.emplace(now_ + one_way, Delivery{stream, other(from), {}, true});
}

void NodeWorld::cut(StreamId stream) {
    std::erase_if(queue_, [&](const auto& entry) { return entry.second.stream == stream; });
    for (Role role : {Role::a, Role::b}) queue_.emplace(now_ + one_way, Delivery{stream, role, {}, true});
}

void NodeWorld::inject(StreamId stream, Role to, Bytes bytes) {
    queue_.emplace(now_ + one_way, Delivery{stream, to, std::move(bytes)});
}

void NodeWorld::open_stream(u32 ticket) {
    if (refuse_dials_) {
        node(Role::a).dial_failed(ticket, now_);
        return drain(Role::a);
    }
    const StreamId id = next_stream_++;
    open_[id] = {true, true};
    undecided_[id] = ticket;
    NetworkKey network;
    network.bytes[0] = 4;
    node(Role::b).stream_accepted(id, network, now_);
    drain(Role::b);
    node(Role::a).stream_dialled(ticket, id, now_);
    drain(Role::a);
}

std::optional<Time> NodeWorld::next_event() const {
    std::optional<Time> out;
    const auto consider = [&out](std::optional<Time> when) {
        if (when) out = out ? std::min(*out, *when) : *when;
    };
    if (!queue_.empty()) consider(queue_.begin()->first);
    if (!dials_.empty()) consider(dials_.begin()->first);
    if (!failed_dials_.empty()) consider(failed_dials_.begin()->first);
    for (const Person& person : people_) consider(person.node->next_deadline());
    return out;
}

void NodeWorld::step(Time when) {
    now_ = std::max(now_, when);
    while (!queue_.empty() && queue_.begin()->first <= now_) {
        const Delivery delivery = std::move(queue_.begin()->second);
        queue_.erase(queue_.begin());
        bool& open = open_.at(delivery.stream).at(index(delivery.to));
        if (!open) continue;
        if (delivery.end) {
            open = false;
            node(delivery.to).stream_gone(delivery.stream, Node::Gone::failed, now_);
        } else {
            node(delivery.to).receive(delivery.stream, delivery.bytes, now_);
        }
        drain(delivery.to);
    }
    while (!dials_.empty() && dials_.begin()->first <= now_) {
        const u32 ticket = dials_.begin()->second;
        dials_.erase(dials_.begin());
        open_stream(ticket);
    }
    while (!failed_dials_.empty() && failed_dials_.begin()->first <= now_) {
        const u32 ticket = failed_dials_.begin()->second;
        failed_dials_.erase(failed_dials_.begin());
        act(Role::a, [&](Node& guest, Time now) { guest.dial_failed(ticket, now); });
    }
    const WallTime wall =
        wall_start + wall_offset_ + std::chrono::duration_cast<std::chrono::seconds>(now_ - at(0s));
    for (Role role : {Role::a, Role::b}) {
        const auto due = node(role).next_deadline();
        if (due && *due <= now_) node(role).tick(now_, wall);
        drain(role);
    }
}

void NodeWorld::run_for(Duration duration) {
    run_until([] { return false; }, duration);
}

bool NodeWorld::run_until(const std::function<bool()>& done, Duration limit) {
    const Time until = now_ + limit;
    while (!done()) {
        const auto when = next_event();
        if (!when || *when > until) break;
        step(*when);
    }
    const bool out = done();
    if (!out) now_ = std::max(now_, until);
    return out;
}

}  // namespace chat::test
