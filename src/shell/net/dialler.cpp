#include "shell/net/dialler.hpp"

#include <map>
#include <set>
#include <utility>

#include "shell/net/machine_driver.hpp"
#include "shell/net/socket_options.hpp"
#include "shell/net/stream_core.hpp"
#include "shell/net/system_error.hpp"

namespace chat {

using asio::ip::tcp;

namespace {

asio::error_code prepare(tcp::socket& socket, const SocketAddress& target, u16 source_port) {
    asio::error_code error;
    const tcp::endpoint endpoint = to_asio<tcp>(target);
    socket.open(endpoint.protocol(), error);
    if (error || source_port == 0) return error;
    error = share_port(socket.native_handle());
    if (!error) socket.bind({endpoint.protocol(), source_port}, error);
    return error;
}

}  // namespace

struct Dialler::Impl : std::enable_shared_from_this<Dialler::Impl> {
    Impl(Loop& on_loop, Resolver& with, DialOptions chosen, Events callbacks)
        : loop{on_loop},
          resolver{with},
          source_port{chosen.source_port},
          stream_limits{chosen.stream},
          events{std::move(callbacks)},
          driver{loop, Connector{std::move(chosen.places), chosen.winner, chosen.limits}},
          winner{chosen.winner},
          alarm{loop} {}

    void feed(const Connector::Input& input) {
        if (closed) return;
        driver.feed(input, [this](const Connector::Output& output) {
            if (!closed) std::visit([this](const auto& what) { carry_out(what); }, output);
        });
        if (closed) return;
        alarm.set(driver.machine().deadline(), [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->feed(Connector::TimePassed{});
        });
    }

    /// From outside a callback, where none may be called back.
    void feed_soon(Connector::Input input) {
        loop.post([weak = weak_from_this(), input = std::move(input)] {
            if (const auto self = weak.lock()) self->feed(input);
        });
    }

    void carry_out(const Connector::Resolve& what) {
        resolver.resolve(what.what,
                         [weak = weak_from_this(), place = what.place](const Addresses& addresses) {
                             const auto self = weak.lock();
                             if (!self) return;
                             if (addresses) {
                                 self->feed(Connector::Resolved{place, *addresses});
                             } else {
                                 self->feed(Connector::ResolveFailed{place, addresses.error()});
                             }
                         });
    }

    void carry_out(const Connector::StartAttempt& what) {
        auto& socket = connecting.emplace(what.attempt, tcp::socket{loop.core().context}).first->second;
        if (const auto error = prepare(socket, what.address, source_port)) {
            connecting.erase(what.attempt);
            return feed(Connector::AttemptFailed{what.attempt, connect_error_of(error)});
        }
        socket.async_connect(to_asio<tcp>(what.address), [weak = weak_from_this(), attempt = what.attempt](
                                                             const asio::error_code& error) {
            if (const auto self = weak.lock()) self->connect_ended(attempt, error);
        });
    }

    void connect_ended(AttemptId attempt, const asio::error_code& error) {
        auto node = connecting.extract(attempt);
        if (closed || !node) return;
        if (error) return feed(Connector::AttemptFailed{attempt, connect_error_of(error)});
        // Of a connection to one's own port TCP makes one with oneself, when it leaves from there too.
        asio::error_code ignored;
        tcp::socket& socket = node.mapped();
        if (socket.local_endpoint(ignored) == socket.remote_endpoint(ignored)) {
            return feed(Connector::AttemptFailed{attempt, NetError::refused});
        }
        connected.emplace(attempt, std::move(socket));
        feed(Connector::AttemptConnected{attempt});
        const auto still = connected.find(attempt);
        if (closed || still == connected.end() || winner == DialWinner::first_connected) return;
        hand_out(attempt);
    }

    void hand_out(AttemptId attempt) {
        auto node = connected.extract(attempt);
        if (!node) return;
        if (winner == DialWinner::first_confirmed) handed_out.insert(attempt);
        events.on_connected(attempt, std::make_unique<Stream>(std::make_shared<StreamCore>(
                                         loop, std::move(node.mapped()), stream_limits)));
    }

    void carry_out(const Connector::AbortAttempt& what) {
        // Their sockets reset what had come to stand: nobody was told about it.
        connecting.erase(what.attempt);
        connected.erase(what.attempt);
        if (handed_out.erase(what.attempt) == 1 && events.on_lost) events.on_lost(what.attempt);
    }

    void carry_out(const Connector::Progress& what) {
        if (events.on_progress) events.on_progress(driver.machine().report().at(what.line));
    }

    void carry_out(const Connector::Won& what) {
        if (winner == DialWinner::first_connected) hand_out(what.attempt);
    }

    void carry_out(const Connector::GaveUp&) { events.on_failed(driver.machine().report()); }

    void close() {
        closed = true;
        alarm.cancel();
        connecting.clear();
        connected.clear();
    }

    Loop& loop;
    Resolver& resolver;
    u16 source_port;
    StreamLimits stream_limits;
    Events events;
    MachineDriver<Connector> driver;
    DialWinner winner;
    Timer alarm;
    std::map<AttemptId, tcp::socket> connecting;
    std::map<AttemptId, tcp::socket> connected;  ///< for the moment between standing and being handed out
    std::set<AttemptId> handed_out;
    bool closed = false;
};

Dialler::Dialler(Loop& loop, Resolver& resolver, DialOptions options, Events events)
    : impl_{std::make_shared<Impl>(loop, resolver, std::move(options), std::move(events))} {
    impl_->feed_soon(Connector::Start{});
}

Dialler::~Dialler() { impl_->close(); }

void Dialler::confirm(AttemptId attempt) {
    impl_->handed_out.erase(attempt);
    impl_->feed_soon(Connector::AttemptConfirmed{attempt});
}

void Dialler::reject(AttemptId attempt, NetError why) {
    impl_->handed_out.erase(attempt);
    impl_->feed_soon(Connector::AttemptFailed{attempt, why});
}

const std::vector<DialReportLine>& Dialler::report() const { return impl_->driver.machine().report(); }

}  // namespace chat
