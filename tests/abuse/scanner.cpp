#include "abuse/scanner.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace chat::test {
namespace {

constexpr std::size_t hello_size = 1673;

sockaddr_in address_of(std::uint32_t ip, int port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(static_cast<std::uint16_t>(port));
    out.sin_addr.s_addr = htonl(ip);
    return out;
}

const sockaddr* as_address(const sockaddr_in& address) {
    return reinterpret_cast<const sockaddr*>(&address);  // NOLINT: the socket API's own cast
}

std::string noise(std::size_t size, std::size_t seed) {
    std::string out(size, '\0');
    std::uint64_t state = seed * 0x9E3779B97F4A7C15U + 1;
    for (char& byte : out) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        byte = static_cast<char>(state >> 56);
    }
    return out;
}

std::string words_of(Approach approach, std::size_t seed) {
    switch (approach) {
        case Approach::silence: return {};
        case Approach::one_byte: return noise(1, seed);
        case Approach::half_a_hello: return noise(hello_size / 2, seed);
        case Approach::noise_of_a_hello: return noise(hello_size, seed);
        case Approach::much_noise: return noise(8 * hello_size, seed);
        case Approach::half_close: return noise(100, seed);
        case Approach::http: return "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }
    return {};
}

void look(Scanner::Visit& visit) {
    std::array<char, 4096> room{};
    const ssize_t count = ::recv(visit.socket, room.data(), room.size(), MSG_DONTWAIT);
    if (count > 0) {
        visit.received += static_cast<std::size_t>(count);
        return;
    }
    if (count < 0 && errno == EAGAIN) return;
    visit.end = count == 0 ? Scanner::Visit::End::orderly : Scanner::Visit::End::reset;
    visit.ended = Scanner::Clock::now();
    ::close(std::exchange(visit.socket, -1));
}

}  // namespace

Scanner::Scanner(const std::string& port) : port_{std::stoi(port)} {}

Scanner::~Scanner() {
    for (const Visit& visit : visits_) {
        if (visit.socket >= 0) ::close(visit.socket);
    }
}

void Scanner::visit(std::size_t count, std::size_t networks) {
    constexpr std::uint32_t first_source = 0x7F010001;
    for (std::size_t i = 0; i < count; ++i) {
        Visit visit;
        visit.approach = static_cast<Approach>(i % approaches);
        visit.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in from = address_of(first_source + static_cast<std::uint32_t>(i % networks), 0);
        const sockaddr_in to = address_of(INADDR_LOOPBACK, port_);
        if (::bind(visit.socket, as_address(from), sizeof from) != 0 ||
            ::connect(visit.socket, as_address(to), sizeof to) != 0) {
            throw std::system_error{errno, std::generic_category(), "a stranger's connection"};
        }
        visit.begun = Clock::now();
        const std::string words = words_of(visit.approach, i);
        static_cast<void>(::send(visit.socket, words.data(), words.size(), MSG_NOSIGNAL));
        if (visit.approach == Approach::half_close) ::shutdown(visit.socket, SHUT_WR);
        visits_.push_back(visit);
    }
}

void Scanner::watch(Clock::time_point until) {
    while (open() > 0) {
        std::vector<pollfd> watched;
        for (const Visit& visit : visits_) watched.push_back({visit.socket, POLLIN, 0});
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
        if (::poll(watched.data(), watched.size(), static_cast<int>(std::max<long>(left, 0))) <= 0) return;
        for (std::size_t i = 0; i < visits_.size(); ++i) {
            if (watched[i].revents != 0) look(visits_[i]);
        }
    }
}

std::size_t Scanner::open() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(visits_, [](const Visit& visit) { return visit.socket >= 0; }));
}

}  // namespace chat::test
