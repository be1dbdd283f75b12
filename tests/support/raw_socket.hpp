#pragma once
/// Plain sockets on loopback for the other end in a test: they do exactly what they are told, also what a
/// decent program wouldn't.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>

#include "p2p_core/net_address.hpp"
#include "shell/net/sockaddr_posix.hpp"

namespace chat::test {

inline void require(bool ok, const std::string& what) {
    if (!ok) throw std::runtime_error{what + " failed: errno " + std::to_string(errno)};
}

struct SystemAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
    [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

inline SystemAddress to_system(const SocketAddress& address) {
    SystemAddress out;
    const ByteView ip = address.ip.bytes();
    if (ip.size() == 4) {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = htons(address.port);
        std::memcpy(&in.sin_addr, ip.data(), ip.size());
        std::memcpy(&out.storage, &in, sizeof in);
        out.size = sizeof in;
    } else {
        sockaddr_in6 in{};
        in.sin6_family = AF_INET6;
        in.sin6_port = htons(address.port);
        in.sin6_scope_id = address.ip.scope();
        std::memcpy(&in.sin6_addr, ip.data(), ip.size());
        std::memcpy(&out.storage, &in, sizeof in);
        out.size = sizeof in;
    }
    return out;
}

inline SocketAddress from_system(const SystemAddress& address) {
    u16 port = 0;
    // The port stands at the same place in both families.
    std::memcpy(&port, reinterpret_cast<const u8*>(&address.storage) + 2, sizeof port);
    return {*ip_of(address.get()), ntohs(port)};
}

class RawSocket {
  public:
    RawSocket(int family, int type) : fd_{socket(family, type | SOCK_CLOEXEC, 0)} {
        require(fd_ >= 0, "socket");
    }
    RawSocket(RawSocket&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    RawSocket& operator=(RawSocket&&) = delete;
    ~RawSocket() { close(); }

    static RawSocket of(const SocketAddress& address, int type) {
        return RawSocket{address.ip.family() == IpFamily::v4 ? AF_INET : AF_INET6, type};
    }
    /// A TCP connection that stands (the kernel accepts for a listening program).
    static RawSocket connected_to(const SocketAddress& address) {
        RawSocket out = of(address, SOCK_STREAM);
        const SystemAddress target = to_system(address);
        require(connect(out.fd_, target.get(), target.size) == 0, "connect");
        return out;
    }
    static RawSocket listening_on(const SocketAddress& address, int backlog = 16) {
        RawSocket out = bound_to(address, SOCK_STREAM);
        require(listen(out.fd_, backlog) == 0, "listen");
        return out;
    }
    static RawSocket bound_to(const SocketAddress& address, int type) {
        RawSocket out = of(address, type);
        const SystemAddress where = to_system(address);
        require(bind(out.fd_, where.get(), where.size) == 0, "bind");
        return out;
    }
    /// The next connection; waits for it.
    [[nodiscard]] RawSocket accepted() const {
        const int fd = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
        require(fd >= 0, "accept");
        return RawSocket{fd};
    }

    [[nodiscard]] SocketAddress local() const {
        SystemAddress out;
        out.size = sizeof out.storage;
        require(getsockname(fd_, out.get(), &out.size) == 0, "getsockname");
        return from_system(out);
    }
    void send(ByteView bytes) const {
        require(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()),
                "send");
    }
    void send_to(ByteView bytes, const SocketAddress& where) const {
        const SystemAddress target = to_system(where);
        require(sendto(fd_, bytes.data(), bytes.size(), 0, target.get(), target.size) >= 0, "sendto");
    }
    struct Received {
        Bytes bytes;
        SocketAddress source;
    };
    /// One datagram; waits for it.
    [[nodiscard]] Received receive_from() const {
        Received out;
        out.bytes.resize(2048);
        SystemAddress source;
        source.size = sizeof source.storage;
        const ssize_t size = recvfrom(fd_, out.bytes.data(), out.bytes.size(), 0, source.get(), &source.size);
        require(size >= 0, "recvfrom");
        out.bytes.resize(static_cast<std::size_t>(size));
        out.source = from_system(source);
        return out;
    }
    /// Bytes, or the end ("FIN", "RST"), or "" while there is nothing.
    [[nodiscard]] std::string look() const {
        std::string out(65536, '\0');
        const ssize_t size = recv(fd_, out.data(), out.size(), MSG_DONTWAIT);
        if (size == 0) return "FIN";
        if (size < 0 && errno == ECONNRESET) return "RST";
        if (size < 0 && errno == EAGAIN) return "";
        require(size > 0, "recv");
        out.resize(static_cast<std::size_t>(size));
        return out;
    }
    [[nodiscard]] bool readable() const {
        pollfd wait{fd_, POLLIN, 0};
        return poll(&wait, 1, 0) == 1;
    }
    void half_close() const { require(shutdown(fd_, SHUT_WR) == 0, "shutdown"); }
    void reset() {
        const linger now{1, 0};
        require(setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now) == 0, "setsockopt");
        close();
    }
    void close() {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }
    [[nodiscard]] int fd() const { return fd_; }

  private:
    explicit RawSocket(int fd) : fd_{fd} {}
    int fd_;
};

inline SocketAddress loopback_v4(u16 port = 0) { return {*parse_ip("127.0.0.1"), port}; }

inline SocketAddress loopback_v6(u16 port = 0) { return {*parse_ip("::1"), port}; }

}  // namespace chat::test
