#include "adversary/peer_channel.hpp"

#include "support/bootstrap_kit.hpp"

namespace chat::test {
namespace {

constexpr int patience_ms = 12'000;

/// What comes next, at most `most` bytes; empty at the end of the stream.
Bytes read_some(const RawSocket& socket, std::size_t most) {
    pollfd wait{socket.fd(), POLLIN, 0};
    if (::poll(&wait, 1, patience_ms) != 1) throw std::runtime_error{"the other side says nothing"};
    Bytes out(most);
    const ssize_t size = ::recv(socket.fd(), out.data(), out.size(), 0);
    out.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return out;
}

Bytes read_exactly(const RawSocket& socket, std::size_t size) {
    Bytes out;
    while (out.size() < size) {
        const Bytes more = read_some(socket, size - out.size());
        if (more.empty()) throw std::runtime_error{"the other side hung up in layer 1"};
        append(out, more);
    }
    return out;
}

/// Sends what the other side still takes.
void send_all(const RawSocket& socket, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t size = ::send(socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (size <= 0) return;
        bytes = bytes.subspan(static_cast<std::size_t>(size));
    }
}

TlsChannel handshake(const RawSocket& socket, TlsHandshake tls) {
    for (;;) {
        const auto progress = tls.advance();
        send_all(socket, tls.take_output());
        if (!progress) throw std::runtime_error{std::string{describe(progress.error())}};
        if (*progress == TlsHandshake::Progress::complete) return std::move(tls).into_channel();
        const Bytes more = read_some(socket, 65536);
        if (more.empty()) throw std::runtime_error{"the other side hung up in layer 2"};
        static_cast<void>(tls.handle_input(more));
    }
}

OpenedHello open_hello(const RawSocket& socket, const PresharedSecret& secret) {
    HelloGate gate;
    static_cast<void>(gate.add_invite(secret));
    auto hello = gate.try_hello(read_exactly(socket, bootstrap_hello_size));
    if (!hello) throw std::runtime_error{std::string{describe(hello.error())}};
    return std::move(*hello);
}

}  // namespace

Credentials Credentials::honest(Rng& rng) {
    ChannelCertificate made = make_channel_certificate(rng, some_day);
    CertificateDer promised = made.der();
    return {std::move(promised), std::move(made)};
}

Credentials Credentials::swapped(Rng& rng) {
    return {make_channel_certificate(rng, some_day).der(), make_channel_certificate(rng, some_day)};
}

PeerChannel::PeerChannel(RawSocket socket, BootstrapDone done, TlsChannel tls)
    : socket_{std::move(socket)}, done_{std::move(done)}, tls_{std::move(tls)} {}

PeerChannel PeerChannel::dial(u16 port, const PresharedSecret& secret, Credentials credentials,
                              const TlsContext& tls, Rng& rng) {
    RawSocket socket = RawSocket::connected_to(loopback_v4(port));
    auto started = BootstrapDialler::start(secret, Role::a, credentials.promised, rng);
    send_all(socket, started.hello);
    auto finished = std::move(started.state).accept_reply(read_exactly(socket, bootstrap_reply_size));
    if (!finished) throw std::runtime_error{std::string{describe(finished.error())}};
    send_all(socket, finished->finish);
    auto channel = handshake(
        socket, TlsHandshake::client(tls, std::move(credentials.shown), finished->done.peer_certificate));
    return {std::move(socket), std::move(finished->done), std::move(channel)};
}

PeerChannel PeerChannel::answer(RawSocket socket, const PresharedSecret& secret, Credentials credentials,
                                const TlsContext& tls, Rng& rng) {
    auto replied = open_hello(socket, secret).reply(credentials.promised, rng);
    if (!replied) throw std::runtime_error{std::string{describe(replied.error())}};
    send_all(socket, replied->reply);
    auto accepted = std::move(replied->state).accept_finish(read_exactly(socket, bootstrap_finish_size));
    if (!accepted) throw std::runtime_error{std::string{describe(accepted.error())}};
    auto channel = handshake(
        socket, TlsHandshake::server(tls, std::move(credentials.shown), accepted->done.peer_certificate));
    return {std::move(socket), std::move(accepted->done), std::move(channel)};
}

void PeerChannel::turn_away(const RawSocket& socket, const PresharedSecret& secret, BootstrapStatus why,
                            Rng& rng) {
    const auto reply = open_hello(socket, secret).refuse(why, rng);
    if (reply) send_all(socket, *reply);
}

void PeerChannel::send_record(ByteView record) {
    static_cast<void>(tls_.write(record));
    send_all(socket_, tls_.take_output());
}

std::optional<Bytes> PeerChannel::receive() {
    for (;;) {
        auto record = tls_.read();
        if (!record) return std::nullopt;
        if (*record) return std::move(**record);
        const Bytes more = read_some(socket_, 65536);
        if (more.empty()) return std::nullopt;
        static_cast<void>(tls_.handle_input(more));
    }
}

Bytes PeerChannel::expect(FrameKind kind) {
    const auto record = receive();
    if (!record || record->empty() || record->front() != static_cast<u8>(kind))
        throw std::runtime_error{"no " + std::string{name_of(kind)} + " came"};
    return {record->begin() + 1, record->end()};
}

void PeerChannel::wait_end() {
    while (receive()) {
    }
}

void PeerChannel::close() {
    tls_.close();
    send_all(socket_, tls_.take_output());
}

}  // namespace chat::test
