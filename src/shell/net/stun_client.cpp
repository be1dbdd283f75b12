#include "shell/net/stun_client.hpp"

#include <map>
#include <utility>

#include "shell/net/machine_driver.hpp"
#include "shell/net/socket_options.hpp"
#include "shell/net/stream_core.hpp"
#include "shell/net/system_error.hpp"

namespace chat {

using asio::ip::tcp;
using asio::ip::udp;

namespace {

/// What this machine sends from towards `target`; only the system's routing table knows. No packet is sent.
std::optional<IpAddress> source_towards(asio::io_context& context, const SocketAddress& target) {
    asio::error_code error;
    udp::socket socket{context};
    const udp::endpoint endpoint = to_asio<udp>(target);
    socket.open(endpoint.protocol(), error);
    if (!error) socket.connect(endpoint, error);
    if (error) return std::nullopt;
    const udp::endpoint local = socket.local_endpoint(error);
    if (error) return std::nullopt;
    return from_asio(local.address());
}

}  // namespace

struct StunClient::Impl : std::enable_shared_from_this<StunClient::Impl> {
    Impl(Loop& on_loop, Resolver& with, Rng& rng, StunSurveyOptions options, u16 port, Events callbacks)
        : loop{on_loop},
          resolver{with},
          tcp_source_port{port},
          events{std::move(callbacks)},
          driver{loop, StunSurvey{std::move(options), rng}},
          alarm{loop} {}

    void feed(const StunSurvey::Input& input) {
        if (closed) return;
        driver.feed(input, [this](const StunSurvey::Output& output) {
            if (!closed) std::visit([this](const auto& what) { carry_out(what); }, output);
        });
        if (closed) return;
        alarm.set(driver.machine().deadline(), [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->feed(StunSurvey::TimePassed{});
        });
    }

    void carry_out(const StunSurvey::Resolve& what) {
        resolver.resolve(what.what,
                         [weak = weak_from_this(), server = what.server](const Addresses& addresses) {
                             const auto self = weak.lock();
                             if (!self) return;
                             if (addresses) {
                                 self->feed(StunSurvey::Resolved{server, *addresses});
                             } else {
                                 self->feed(StunSurvey::ResolveFailed{server, addresses.error()});
                             }
                         });
    }

    // --- TCP ---

    void carry_out(const StunSurvey::Connect& what) {
        auto& socket = streams.emplace(what.probe, tcp::socket{loop.core().context}).first->second;
        asio::error_code error;
        const tcp::endpoint endpoint = to_asio<tcp>(what.address);
        socket.open(endpoint.protocol(), error);
        if (!error && tcp_source_port != 0) error = share_port(socket.native_handle());
        if (!error && tcp_source_port != 0) socket.bind({endpoint.protocol(), tcp_source_port}, error);
        if (error) return stream_failed(what.probe, error);
        socket.async_connect(endpoint,
                             [weak = weak_from_this(), probe = what.probe](const asio::error_code& outcome) {
                                 if (const auto self = weak.lock()) self->connect_ended(probe, outcome);
                             });
    }

    void connect_ended(u32 probe, const asio::error_code& outcome) {
        const auto found = streams.find(probe);
        if (closed || found == streams.end()) return;
        if (outcome) return stream_failed(probe, outcome);
        asio::error_code error;
        const tcp::endpoint local = found->second.local_endpoint(error);
        if (!error) feed(StunSurvey::LocalAddress{probe, from_asio(local)});
        found->second.non_blocking(true, error);
        feed(StunSurvey::Connected{probe});
        wait_stream(probe);
    }

    void wait_stream(u32 probe) {
        const auto found = streams.find(probe);
        if (closed || found == streams.end()) return;
        found->second.async_wait(tcp::socket::wait_read,
                                 [weak = weak_from_this(), probe](const asio::error_code& error) {
                                     const auto self = weak.lock();
                                     if (self && !error) self->read_stream(probe);
                                 });
    }

    void read_stream(u32 probe) {
        const auto found = streams.find(probe);
        if (closed || found == streams.end()) return;
        auto& buffer = loop.core().read_buffer;
        asio::error_code error;
        const std::size_t size = found->second.read_some(asio::buffer(buffer), error);
        const bool later = error == asio::error::would_block || error == asio::error::try_again;
        if (error && !later) return stream_failed(probe, error);
        if (!later) feed(StunSurvey::StreamBytes{probe, ByteView{buffer}.first(size)});
        wait_stream(probe);
    }

    void carry_out(const StunSurvey::SendStream& what) {
        const auto found = streams.find(what.probe);
        if (found == streams.end()) return;
        asio::error_code error;
        // A fresh connection takes these few bytes at once.
        const std::size_t size = found->second.write_some(asio::buffer(what.bytes), error);
        if (!error && size < what.bytes.size()) error = asio::error::no_buffer_space;
        if (error) stream_failed(what.probe, error);
    }

    void stream_failed(u32 probe, const asio::error_code& error) {
        feed(StunSurvey::Failed{probe,
                                error == asio::error::eof ? NetError::closed : connect_error_of(error)});
    }

    void carry_out(const StunSurvey::Close& what) {
        const auto found = streams.find(what.probe);
        if (found == streams.end()) return;
        // With a reset, so that the port pair is free at once should the person ask again.
        asio::error_code ignored;
        found->second.set_option(asio::socket_base::linger{true, 0}, ignored);
        streams.erase(found);
    }

    // --- UDP ---

    void carry_out(const StunSurvey::SendDatagram& what) {
        asio::error_code error;
        udp::socket* socket = datagram_socket(what.address.ip.family(), error);
        if (socket != nullptr) {
            socket->send_to(asio::buffer(what.bytes), to_asio<udp>(what.address), 0, error);
            if (!error) note_source(what, *socket);
        }
        if (error == asio::error::would_block) return;  // lost, like any datagram; it is repeated
        if (error) feed(StunSurvey::Failed{what.probe, connect_error_of(error)});
    }

    void note_source(const StunSurvey::SendDatagram& what, const udp::socket& socket) {
        if (driver.machine().result().probes.at(what.probe).local) return;
        asio::error_code error;
        const u16 port = socket.local_endpoint(error).port();
        const auto ip = source_towards(loop.core().context, what.address);
        if (!error && ip) feed(StunSurvey::LocalAddress{what.probe, {*ip, port}});
    }

    udp::socket* datagram_socket(IpFamily family, asio::error_code& error) {
        const auto found = datagrams.find(family);
        if (found != datagrams.end()) return &found->second;
        udp::socket socket{loop.core().context};
        const udp protocol = family == IpFamily::v4 ? udp::v4() : udp::v6();
        socket.open(protocol, error);
        if (!error) socket.bind({protocol, 0}, error);
        if (!error) socket.non_blocking(true, error);
        if (error) return nullptr;
        udp::socket& kept = datagrams.emplace(family, std::move(socket)).first->second;
        wait_datagram(family);
        return &kept;
    }

    void wait_datagram(IpFamily family) {
        const auto found = datagrams.find(family);
        if (closed || found == datagrams.end()) return;
        found->second.async_wait(udp::socket::wait_read,
                                 [weak = weak_from_this(), family](const asio::error_code& error) {
                                     const auto self = weak.lock();
                                     if (!self || error) return;
                                     self->read_datagram(family);
                                     self->wait_datagram(family);
                                 });
    }

    void read_datagram(IpFamily family) {
        const auto found = datagrams.find(family);
        if (closed || found == datagrams.end()) return;
        auto& buffer = loop.core().read_buffer;
        udp::endpoint source;
        asio::error_code error;
        const std::size_t size = found->second.receive_from(asio::buffer(buffer), source, 0, error);
        // An error here is some earlier datagram's (port unreachable); its question is repeated or runs out.
        if (!error) feed(StunSurvey::Datagram{from_asio(source), ByteView{buffer}.first(size)});
    }

    void carry_out(const StunSurvey::Progress& what) {
        if (events.on_progress) events.on_progress(driver.machine().result().probes.at(what.probe));
    }

    void carry_out(const StunSurvey::Finished&) {
        datagrams.clear();
        events.on_finished(driver.machine().result());
    }

    void close() {
        closed = true;
        alarm.cancel();
        streams.clear();
        datagrams.clear();
    }

    Loop& loop;
    Resolver& resolver;
    u16 tcp_source_port;
    Events events;
    MachineDriver<StunSurvey> driver;
    Timer alarm;
    std::map<u32, tcp::socket> streams;
    std::map<IpFamily, udp::socket> datagrams;
    bool closed = false;
};

StunClient::StunClient(Loop& loop, Resolver& resolver, Rng& rng, StunSurveyOptions options,
                       u16 tcp_source_port, Events events)
    : impl_{std::make_shared<Impl>(loop, resolver, rng, std::move(options), tcp_source_port,
                                   std::move(events))} {
    loop.post([weak = std::weak_ptr{impl_}] {
        if (const auto self = weak.lock()) self->feed(StunSurvey::Start{});
    });
}

StunClient::~StunClient() { impl_->close(); }

const StunSurveyResult& StunClient::result() const { return impl_->driver.machine().result(); }

}  // namespace chat
