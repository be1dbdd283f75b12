#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <utility>

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"
#include "secure_key_manager/isolation/service/service_channel.hpp"

#ifndef MSG_NOSIGNAL  // macOS: who uses a channel there ignores SIGPIPE, as the event loop and become_service() do
#define MSG_NOSIGNAL 0
#endif

namespace chat {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

/// What is left of a caller's patience. Counted in short waits, so that a process that was stopped in the middle does not find
/// its patience gone when it goes on.
class Budget {
  public:
    explicit Budget(std::optional<Milliseconds> patience) : left_{patience} {}

    Result<void, ChannelError> await(int socket, short events) {
        for (;;) {
            const Milliseconds turn = left_ ? std::min(*left_, longest_turn) : longest_turn;
            const Clock::time_point begun = Clock::now();
            pollfd waited{socket, events, 0};
            const int count = ::poll(&waited, 1, left_ ? static_cast<int>(turn.count()) : -1);
            if (count > 0) return {};
            if (count < 0 && errno != EINTR) return fail(ChannelError::failed);
            if (count == 0 && left_ == turn) return fail(ChannelError::timed_out);
            const auto passed = std::chrono::duration_cast<Milliseconds>(Clock::now() - begun);
            if (left_) *left_ -= count == 0 ? turn : std::min(passed, turn);
        }
    }

  private:
    static constexpr Milliseconds longest_turn{100};
    std::optional<Milliseconds> left_;
};

bool would_wait() { return errno == EAGAIN || errno == EINTR; }

Result<void, ChannelError> send_all(int socket, ByteView bytes, Budget& budget) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
            continue;
        }
        if (errno == EPIPE || errno == ECONNRESET) return fail(ChannelError::closed);
        if (!would_wait()) return fail(ChannelError::failed);
        if (const auto ready = budget.await(socket, POLLOUT); !ready) return ready;
    }
    return {};
}

Result<void, ChannelError> receive_all(int socket, MutableByteView bytes, Budget& budget) {
    while (!bytes.empty()) {
        const ssize_t count = ::recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (count > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
            continue;
        }
        if (count == 0 || errno == ECONNRESET) return fail(ChannelError::closed);
        if (!would_wait()) return fail(ChannelError::failed);
        if (const auto ready = budget.await(socket, POLLIN); !ready) return ready;
    }
    return {};
}

}  // namespace

ServiceChannel::ServiceChannel(int socket) : socket_{socket} {}

ServiceChannel::ServiceChannel(ServiceChannel&& other) noexcept : socket_{std::exchange(other.socket_, -1)} {}

ServiceChannel::~ServiceChannel() { close(); }

Result<void, ChannelError> ServiceChannel::send(u8 kind, ByteView body, Patience patience) {
    assert(body.size() <= largest_body);
    Budget budget{patience};
    std::array<u8, head_size> head{};
    WireWriter{head}.write_u8(kind).write_u32(static_cast<u32>(body.size()));
    if (const auto sent = send_all(socket_, head, budget); !sent) return sent;
    return send_all(socket_, body, budget);
}

Result<ServiceFrame, ChannelError> ServiceChannel::receive(SizeRule sizes, Patience patience) {
    Budget budget{patience};
    std::array<u8, head_size> head{};
    if (const auto got = receive_all(socket_, head, budget); !got) return fail(got.error());
    WireReader reader{head};
    ServiceFrame frame;
    frame.kind = reader.read_u8();
    const std::size_t length = reader.read_u32();
    const auto allowed = sizes(frame.kind);
    if (!allowed) return fail(ChannelError::unknown_kind);
    assert(allowed->most <= largest_body);
    if (length < allowed->least || length > allowed->most) return fail(ChannelError::wrong_length);
    frame.body = SecretBuffer{length};
    const auto got = receive_all(socket_, frame.body.expose_mutable(), budget);
    if (!got) return fail(got.error());
    return frame;
}

Result<void, ChannelError> ServiceChannel::wait(std::optional<Patience> patience) {
    return Budget{patience}.await(socket_, POLLIN);
}

bool ServiceChannel::idle() const {
    u8 byte = 0;
    return socket_ >= 0 && ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && would_wait();
}

bool ServiceChannel::has_input() const {
    u8 byte = 0;
    return socket_ >= 0 && ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void ServiceChannel::finish_sending() {
    if (socket_ >= 0) ::shutdown(socket_, SHUT_WR);
}

void ServiceChannel::shut() {
    if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

void ServiceChannel::close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

}  // namespace chat
