#include "cli/tcp_relay.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

namespace chat::test {
namespace {

constexpr char cut_command = 'c';
constexpr char end_command = 'e';

struct Route {
    int from;
    int to;
};

sockaddr_in loopback(int port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(static_cast<std::uint16_t>(port));
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

const sockaddr* as_address(const sockaddr_in& address) {
    return reinterpret_cast<const sockaddr*>(&address);  // NOLINT: the socket API's own cast
}

void require(bool ok, const char* what) {
    if (!ok) throw std::system_error{errno, std::generic_category(), what};
}

void reset(int socket) {
    const linger at_once{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(socket);
}

bool send_all(int socket, const char* data, ssize_t size) {
    while (size > 0) {
        const ssize_t count = ::send(socket, data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
        if (count <= 0) return false;
        data += count;
        size -= count;
    }
    return true;
}

/// False when that direction is over.
bool pass_on(const Route& route) {
    std::array<char, 65536> room{};
    const ssize_t count = ::recv(route.from, room.data(), room.size(), 0);
    if (count > 0) return send_all(route.to, room.data(), count);
    ::shutdown(route.to, SHUT_WR);
    return false;
}

void accept_one(int listener, int target_port, std::vector<Route>& routes) {
    const int near = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (near < 0) return;
    const int far = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(target_port);
    if (::connect(far, as_address(address), sizeof address) != 0) {
        ::close(far);
        reset(near);
        return;
    }
    routes.push_back({near, far});
    routes.push_back({far, near});
}

/// Each connection has two routes, side by side.
void cut_all(std::vector<Route>& routes) {
    for (std::size_t i = 0; i + 1 < routes.size(); i += 2) {
        reset(routes[i].from);
        reset(routes[i].to);
    }
    routes.clear();
}

}  // namespace

TcpRelay::TcpRelay(const std::string& target_port)
    : target_port_{std::stoi(target_port)}, listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address = loopback(0);
    require(::bind(listener_, as_address(address), sizeof address) == 0 && ::listen(listener_, 16) == 0,
            "listen");
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address),
                  &size);  // NOLINT: the socket API's own cast
    port_ = std::to_string(ntohs(address.sin_port));
    std::array<int, 2> ends{};
    require(::pipe2(ends.data(), O_CLOEXEC) == 0, "pipe");
    command_read_ = ends[0];
    command_write_ = ends[1];
    thread_ = std::thread{[this] { run(); }};
}

TcpRelay::~TcpRelay() {
    static_cast<void>(::write(command_write_, &end_command, 1) == 1);
    thread_.join();
    ::close(command_read_);
    ::close(command_write_);
    ::close(listener_);
}

void TcpRelay::cut() { require(::write(command_write_, &cut_command, 1) == 1, "cut"); }

void TcpRelay::run() {
    std::vector<Route> routes;
    std::vector<bool> over;
    for (;;) {
        over.resize(routes.size(), false);
        std::vector<pollfd> watched = {{command_read_, POLLIN, 0}, {listener_, POLLIN, 0}};
        for (std::size_t i = 0; i < routes.size(); ++i)
            watched.push_back({over[i] ? -1 : routes[i].from, POLLIN, 0});
        if (::poll(watched.data(), watched.size(), -1) < 0) continue;
        for (std::size_t i = 0; i < routes.size(); ++i) {
            if (watched[i + 2].revents != 0) over[i] = !pass_on(routes[i]);
        }
        if (watched[1].revents != 0) accept_one(listener_, target_port_, routes);
        if (watched[0].revents == 0) continue;
        char command = end_command;
        static_cast<void>(::read(command_read_, &command, 1) == 1);
        cut_all(routes);
        over.clear();
        if (command == end_command) return;
    }
}

}  // namespace chat::test
