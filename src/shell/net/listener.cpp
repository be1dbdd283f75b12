#include "shell/net/listener.hpp"

#include <asio/ip/v6_only.hpp>
#include <utility>

#include "shell/net/socket_options.hpp"
#include "shell/net/stream_core.hpp"
#include "shell/net/system_error.hpp"

namespace chat {

using asio::ip::tcp;

namespace {

constexpr int attempts_at_a_free_port = 16;  // for several addresses one port must be free on each
constexpr Duration pause_after_trouble = std::chrono::milliseconds{200};

enum class V6Reach : u8 { both_families, v6_only };

struct Door {
    SocketAddress where;
    V6Reach reach = V6Reach::v6_only;
};

using Acceptors = std::vector<tcp::acceptor>;

asio::error_code open_door(tcp::acceptor& acceptor, const Door& door) {
    asio::error_code error;
    const tcp::endpoint endpoint = to_asio<tcp>(door.where);
    acceptor.open(endpoint.protocol(), error);
    if (error) return error;
    acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error && door.where.ip.family() == IpFamily::v6) {
        acceptor.set_option(asio::ip::v6_only{door.reach == V6Reach::v6_only}, error);
    }
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) acceptor.non_blocking(true, error);
    if (!error) error = let_others_share_port(acceptor.native_handle());
    return error;
}

Result<Acceptors, ListenFailure> open_doors(asio::io_context& context, std::vector<Door> doors) {
    Acceptors out;
    for (Door& door : doors) {
        if (door.where.port == 0 && !out.empty()) door.where.port = out.front().local_endpoint().port();
        tcp::acceptor acceptor{context};
        if (const auto error = open_door(acceptor, door)) {
            return fail(ListenFailure{door.where, net_error_of(error)});
        }
        out.push_back(std::move(acceptor));
    }
    return out;
}

Result<Acceptors, ListenFailure> open_everywhere(asio::io_context& context, u16 port) {
    const IpAddress any_v6 = IpAddress::v6({});
    auto both = open_doors(context, {{{any_v6, port}, V6Reach::both_families}});
    if (both) return both;
    const NetError why = both.error().error;
    // Only the lack of IPv6 is a reason to go without; a port in use is not.
    if (why != NetError::network_unreachable && why != NetError::address_not_local) return both;
    return open_doors(context, {{{IpAddress{}, port}}});
}

Result<Acceptors, ListenFailure> open_all(asio::io_context& context, const ListenOptions& options) {
    if (options.bind.empty()) return open_everywhere(context, options.port);
    std::vector<Door> doors;
    for (const IpAddress& ip : options.bind) doors.push_back({{ip, options.port}});
    for (int i = 1;; ++i) {
        auto opened = open_doors(context, doors);
        const bool again = !opened && opened.error().error == NetError::address_in_use && options.port == 0;
        if (!again || i == attempts_at_a_free_port) return opened;
    }
}

}  // namespace

std::string describe(const ListenFailure& failure) {
    const std::string port = std::to_string(failure.where.port);
    if (failure.error == NetError::address_in_use) return "port " + port + " is in use by another program";
    if (failure.error == NetError::permission_denied)
        return "this machine doesn't permit listening on port " + port;
    return "listening on " + to_text(failure.where) + " failed: " + std::string{describe(failure.error)};
}

struct Listener::Impl : std::enable_shared_from_this<Listener::Impl> {
    struct Entrance {
        Entrance(tcp::acceptor opened, Loop& loop) : acceptor{std::move(opened)}, pause{loop} {}
        tcp::acceptor acceptor;
        Timer pause;
    };

    Impl(Loop& on_loop, StreamLimits limits, Events callbacks)
        : loop{on_loop}, stream_limits{limits}, events{std::move(callbacks)} {}

    void add(tcp::acceptor acceptor) {
        asio::error_code ignored;
        const SocketAddress where = from_asio(acceptor.local_endpoint(ignored));
        asio::ip::v6_only v6_only{true};
        if (where.ip.family() == IpFamily::v6) acceptor.get_option(v6_only, ignored);
        bound.push_back(where);
        if (!v6_only.value()) bound.push_back({IpAddress{}, where.port});
        entrances.push_back(std::make_unique<Entrance>(std::move(acceptor), loop));
        accept_next(*entrances.back());
    }

    void accept_next(Entrance& entrance) {
        entrance.acceptor.async_accept(
            [self = shared_from_this(), &entrance](const asio::error_code& error, tcp::socket socket) {
                if (self->closed) return;
                if (error) return self->trouble(entrance, net_error_of(error));
                self->events.on_accepted(std::make_unique<Stream>(
                    std::make_shared<StreamCore>(self->loop, std::move(socket), self->stream_limits)));
                // Behind the new stream's first read.
                asio::post(self->loop.core().context, [self, &entrance] {
                    if (!self->closed) self->accept_next(entrance);
                });
            });
    }

    void trouble(Entrance& entrance, NetError error) {
        // A connection that was gone before it was accepted is nobody's trouble.
        if (error == NetError::reset) return accept_next(entrance);
        entrance.pause.set(loop.now() + pause_after_trouble, [self = weak_from_this(), &entrance] {
            if (const auto alive = self.lock()) alive->accept_next(entrance);
        });
        if (events.on_trouble) events.on_trouble(error);
    }

    void close() {
        closed = true;
        asio::error_code ignored;
        for (const auto& entrance : entrances) {
            entrance->acceptor.close(ignored);
            entrance->pause.cancel();
        }
    }

    Loop& loop;
    StreamLimits stream_limits;
    Events events;
    std::vector<SocketAddress> bound;
    std::vector<std::unique_ptr<Entrance>> entrances;
    bool closed = false;
};

Result<std::unique_ptr<Listener>, ListenFailure> Listener::open(Loop& loop, const ListenOptions& options,
                                                                Events events) {
    auto acceptors = open_all(loop.core().context, options);
    if (!acceptors) return fail(acceptors.error());
    auto impl = std::make_shared<Impl>(loop, options.stream, std::move(events));
    for (tcp::acceptor& acceptor : *acceptors) impl->add(std::move(acceptor));
    return std::make_unique<Listener>(std::move(impl));
}

Listener::Listener(std::shared_ptr<Impl> impl) : impl_{std::move(impl)} {}

Listener::~Listener() { impl_->close(); }

u16 Listener::port() const { return impl_->bound.front().port; }

const std::vector<SocketAddress>& Listener::bound() const { return impl_->bound; }

}  // namespace chat
