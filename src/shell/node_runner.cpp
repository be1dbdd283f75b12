#include "shell/node_runner.hpp"

#include "shell/sleep_clock.hpp"

namespace chat {
namespace {

/// Invites expire by the wall clock, which no deadline of the node can foresee.
constexpr Duration longest_sleep = std::chrono::seconds{30};

}  // namespace

struct NodeRunner::Impl : std::enable_shared_from_this<Impl> {
    struct Open {
        std::unique_ptr<Stream> stream;
        std::optional<AttemptId> attempt;  ///< while its dial is undecided
    };

    Impl(Loop& the_loop, Resolver& the_resolver, Rng& rng, KeySupply& supply, const TlsContext& tls,
         std::shared_ptr<IdentityKeys> identity, NodeOptions options, Events the_events, CiphertextLog& log)
        : loop{the_loop},
          resolver{the_resolver},
          events{std::move(the_events)},
          node{std::move(options), rng, supply, tls, std::move(identity), log},
          timer{the_loop} {}

    void add_stream(StreamId id, std::unique_ptr<Stream> stream, std::optional<AttemptId> attempt);
    void accept(std::unique_ptr<Stream> stream);
    void dial(u32 ticket);
    void connected(u32 ticket, AttemptId attempt, std::unique_ptr<Stream> stream);
    void lost_attempt(AttemptId attempt);
    void reject(AttemptId attempt);
    void close(const CloseStream& command);
    void confirm(StreamId id);
    void transmit(Transmit command);
    void gone(StreamId id, Node::Gone how);
    void pump();
    void forget(StreamId id);

    Loop& loop;
    Resolver& resolver;
    Events events;
    Node node;
    Timer timer;
    std::unique_ptr<Listener> listener;
    std::unique_ptr<Dialler> dialler;
    std::vector<HostPort> places;
    std::vector<DialReportLine> report;
    std::map<StreamId, Open> streams;
    StreamId next_stream = 1;
    Traffic traffic;
    bool pumping = false;
};

void NodeRunner::Impl::add_stream(StreamId id, std::unique_ptr<Stream> stream,
                                  std::optional<AttemptId> attempt) {
    Stream& raw = *stream;
    streams.emplace(id, Open{std::move(stream), attempt});
    ++traffic.streams;
    const std::weak_ptr weak = weak_from_this();
    const auto with_self = [weak](auto action) {
        if (const auto self = weak.lock()) action(*self);
    };
    raw.start(
        {.on_bytes =
             [with_self, id](ByteView bytes) {
                 with_self([&](Impl& self) {
                     self.traffic.bytes_received += bytes.size();
                     self.node.receive(id, bytes, self.loop.now());
                     self.pump();
                 });
             },
         .on_end = [with_self,
                    id] { with_self([&](Impl& self) { self.gone(id, Node::Gone::end_of_input); }); },
         .on_failure = [with_self,
                        id](NetError) { with_self([&](Impl& self) { self.gone(id, Node::Gone::failed); }); },
         .on_drained = {}});
}

void NodeRunner::Impl::accept(std::unique_ptr<Stream> stream) {
    const StreamId id = next_stream++;
    const NetworkKey network = network_of(stream->peer().ip);
    node.stream_accepted(id, network, loop.now());
    add_stream(id, std::move(stream), std::nullopt);
    pump();
}

void NodeRunner::Impl::gone(StreamId id, Node::Gone how) {
    if (how == Node::Gone::failed) forget(id);
    node.stream_gone(id, how, loop.now());
    pump();
}

/// The dialler waits for a verdict on every attempt that it handed out.
void NodeRunner::Impl::reject(AttemptId attempt) {
    if (dialler) dialler->reject(attempt, NetError::not_the_peer);
}

/// Takes a stream out of the books without destroying it inside one of its own callbacks.
void NodeRunner::Impl::forget(StreamId id) {
    const auto found = streams.find(id);
    if (found == streams.end()) return;
    auto stream = std::make_shared<std::unique_ptr<Stream>>(std::move(found->second.stream));
    traffic.bytes_sent += (*stream)->bytes_sent();
    const std::optional<AttemptId> undecided = found->second.attempt;
    streams.erase(found);
    loop.post([stream] { stream->reset(); });
    if (undecided) reject(*undecided);
}

void NodeRunner::Impl::dial(u32 ticket) {
    const std::weak_ptr weak = weak_from_this();
    DialOptions options;
    options.places = places;
    Dialler::Events callbacks;
    callbacks.on_connected = [weak, ticket](AttemptId attempt, std::unique_ptr<Stream> stream) {
        if (const auto self = weak.lock()) self->connected(ticket, attempt, std::move(stream));
    };
    callbacks.on_progress = events.on_dial_progress;
    callbacks.on_failed = [weak, ticket](const std::vector<DialReportLine>& lines) {
        const auto self = weak.lock();
        if (!self) return;
        self->report = lines;
        self->node.dial_failed(ticket, self->loop.now());
        self->pump();
    };
    callbacks.on_lost = [weak](AttemptId attempt) {
        if (const auto self = weak.lock()) self->lost_attempt(attempt);
    };
    dialler = std::make_unique<Dialler>(loop, resolver, std::move(options), std::move(callbacks));
}

void NodeRunner::Impl::connected(u32 ticket, AttemptId attempt, std::unique_ptr<Stream> stream) {
    const StreamId id = next_stream++;
    add_stream(id, std::move(stream), attempt);
    node.stream_dialled(ticket, id, loop.now());
    pump();
}

void NodeRunner::Impl::lost_attempt(AttemptId attempt) {
    for (const auto& [id, open] : streams) {
        if (open.attempt == attempt) return gone(id, Node::Gone::failed);
    }
}

void NodeRunner::Impl::confirm(StreamId id) {
    const auto found = streams.find(id);
    if (found == streams.end() || !found->second.attempt || !dialler) return;
    const AttemptId attempt = *std::exchange(found->second.attempt, std::nullopt);
    report = dialler->report();
    dialler->confirm(attempt);
}

void NodeRunner::Impl::close(const CloseStream& command) {
    const auto found = streams.find(command.stream);
    if (found == streams.end()) return;
    if (command.how == StreamEnd::orderly) found->second.stream->close();
    if (command.how == StreamEnd::reset) found->second.stream->reset();
    forget(command.stream);
}

void NodeRunner::Impl::transmit(Transmit command) {
    const auto found = streams.find(command.stream);
    if (found == streams.end()) return;
    if (!found->second.stream->write(std::move(command.bytes))) {
        loop.post([weak = weak_from_this(), id = command.stream] {
            if (const auto self = weak.lock()) self->gone(id, Node::Gone::failed);
        });
    }
}

void NodeRunner::Impl::pump() {
    if (pumping) return;
    pumping = true;
    while (auto output = node.poll()) {
        if (auto* bytes = std::get_if<Transmit>(&*output)) {
            transmit(std::move(*bytes));
        } else if (const auto* end = std::get_if<CloseStream>(&*output)) {
            close(*end);
        } else if (const auto* confirmed = std::get_if<StreamConfirmed>(&*output)) {
            confirm(confirmed->stream);
        } else if (const auto* request = std::get_if<Dial>(&*output)) {
            dial(request->ticket);
        } else if (auto* event = std::get_if<Event>(&*output)) {
            // Posted, so that whoever listens may call back into the runner.
            loop.post([weak = weak_from_this(), moved = std::make_shared<Event>(std::move(*event))] {
                if (const auto self = weak.lock()) self->events.on_event(std::move(*moved));
            });
        }
    }
    pumping = false;
    const Time latest = loop.now() + longest_sleep;
    timer.set(std::min(node.next_deadline().value_or(latest), latest), [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        self->node.tick(self->loop.now(), self->loop.wall_now(), time_asleep());
        self->pump();
    });
}

NodeRunner::NodeRunner(Loop& loop, Resolver& resolver, Rng& rng, KeySupply& supply, const TlsContext& tls,
                       std::shared_ptr<IdentityKeys> identity, NodeOptions options, Events events,
                       CiphertextLog& log)
    : impl_{std::make_shared<Impl>(loop, resolver, rng, supply, tls, std::move(identity), std::move(options),
                                   std::move(events), log)} {}

NodeRunner::~NodeRunner() = default;

Result<void, ListenFailure> NodeRunner::listen(const ListenOptions& options) {
    auto opened = Listener::open(impl_->loop, options,
                                 {.on_accepted =
                                      [weak = std::weak_ptr{impl_}](std::unique_ptr<Stream> stream) {
                                          if (const auto self = weak.lock()) self->accept(std::move(stream));
                                      },
                                  .on_trouble = {}});
    if (!opened) return fail(opened.error());
    impl_->listener = std::move(*opened);
    return {};
}

const Listener* NodeRunner::listener() const { return impl_->listener.get(); }

Result<void, GateError> NodeRunner::offer_invite(const PresharedSecret& secret, WallTime expiry,
                                                 InviteUse use) {
    const auto offered = impl_->node.offer_invite(secret, expiry, use);
    impl_->pump();
    return offered;
}

Result<void, GateError> NodeRunner::offer_open() {
    const auto offered = impl_->node.offer_open();
    impl_->pump();
    return offered;
}

void NodeRunner::join(PresharedSecret secret, const Fingerprint& host, std::vector<HostPort> places) {
    impl_->places = std::move(places);
    impl_->node.join(std::move(secret), host, impl_->loop.now());
    impl_->pump();
}

void NodeRunner::connect_open(std::vector<HostPort> places) {
    impl_->places = std::move(places);
    impl_->node.connect_open(impl_->loop.now());
    impl_->pump();
}

Result<MessageId, SendError> NodeRunner::send_text(ByteView utf8) {
    auto sent = impl_->node.send_text(utf8, impl_->loop.now());
    impl_->pump();
    return sent;
}

void NodeRunner::typing() {
    impl_->node.typing(impl_->loop.now());
    impl_->pump();
}

void NodeRunner::words_compared(Node::Comparison outcome) {
    impl_->node.words_compared(outcome, impl_->loop.now());
    impl_->pump();
}

void NodeRunner::rotate_identity() {
    impl_->node.rotate_identity(impl_->loop.now());
    impl_->pump();
}

Result<void, EndorsementRefusal> NodeRunner::endorse(const Endorsement& endorsement) {
    auto taken = impl_->node.endorse(endorsement, impl_->loop.now());
    impl_->pump();
    return taken;
}

void NodeRunner::restore_verification() {
    impl_->node.restore_verification(impl_->loop.now());
    impl_->pump();
}

void NodeRunner::report(SecurityEventKind kind, std::string reason) {
    impl_->node.report(kind, std::move(reason), impl_->loop.now());
    impl_->pump();
}

void NodeRunner::reconnect() {
    impl_->node.reconnect(impl_->loop.now());
    impl_->pump();
}

void NodeRunner::quit() {
    impl_->node.quit(impl_->loop.now());
    impl_->pump();
}

void NodeRunner::identity_keys_lost(std::string why) {
    impl_->node.identity_keys_lost(std::move(why), impl_->loop.now());
    impl_->pump();
}

NodeStatus NodeRunner::status() const { return impl_->node.status(); }

SecurityReport NodeRunner::security_report() const { return impl_->node.monitor().report(impl_->loop.now()); }

Fingerprint NodeRunner::fingerprint() const { return impl_->node.fingerprint(); }

NodeRunner::Traffic NodeRunner::traffic() const {
    Traffic out = impl_->traffic;
    for (const auto& [id, open] : impl_->streams) out.bytes_sent += open.stream->bytes_sent();
    return out;
}

std::vector<DialReportLine> NodeRunner::dial_report() const { return impl_->report; }

}  // namespace chat
