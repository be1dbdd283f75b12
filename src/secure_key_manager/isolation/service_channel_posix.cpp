#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <climits>
#include <utility>

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"
#include "secure_key_manager/isolation/service_channel.hpp"

namespace chat {
namespace {

using Clock = std::chrono::steady_clock;

/// Waits for `events` on `socket`; no deadline: for as long as it takes.
Result<void, ChannelError> await(int socket, short events, std::optional<Clock::time_point> deadline) {
    for (;;) {
        int limit = -1;
        if (deadline) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
            limit = static_cast<int>(std::clamp<long long>(left, 0, INT_MAX));
        }
        pollfd waited{socket, events, 0};
        const int count = ::poll(&waited, 1, limit);
        if (count > 0) return {};
        if (count == 0) return fail(ChannelError::timed_out);
        if (errno != EINTR) return fail(ChannelError::failed);
    }
}

bool would_wait() { return errno == EAGAIN || errno == EINTR; }

Result<void, ChannelError> send_all(int socket, ByteView bytes, Clock::time_point deadline) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
            continue;
        }
        if (errno == EPIPE || errno == ECONNRESET) return fail(ChannelError::closed);
        if (!would_wait()) return fail(ChannelError::failed);
        if (const auto ready = await(socket, POLLOUT, deadline); !ready) return ready;
    }
    return {};
}

Result<void, ChannelError> receive_all(int socket, MutableByteView bytes, Clock::time_point deadline) {
    while (!bytes.empty()) {
        const ssize_t count = ::recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (count > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
            continue;
        }
        if (count == 0 || errno == ECONNRESET) return fail(ChannelError::closed);
        if (!would_wait()) return fail(ChannelError::failed);
        if (const auto ready = await(socket, POLLIN, deadline); !ready) return ready;
    }
    return {};
}

}  // namespace

ServiceChannel::ServiceChannel(int socket) : socket_{socket} {}

ServiceChannel::ServiceChannel(ServiceChannel&& other) noexcept : socket_{std::exchange(other.socket_, -1)} {}

ServiceChannel::~ServiceChannel() { close(); }

Result<void, ChannelError> ServiceChannel::send(u8 kind, ByteView body, Patience patience) {
    assert(body.size() <= largest_body);
    const Clock::time_point deadline = Clock::now() + patience;
    std::array<u8, head_size> head{};
    WireWriter{head}.write_u8(kind).write_u32(static_cast<u32>(body.size()));
    if (const auto sent = send_all(socket_, head, deadline); !sent) return sent;
    return send_all(socket_, body, deadline);
}

Result<ServiceFrame, ChannelError> ServiceChannel::receive(SizeRule sizes, Patience patience) {
    const Clock::time_point deadline = Clock::now() + patience;
    std::array<u8, head_size> head{};
    if (const auto got = receive_all(socket_, head, deadline); !got) return fail(got.error());
    WireReader reader{head};
    ServiceFrame frame;
    frame.kind = reader.read_u8();
    const std::size_t length = reader.read_u32();
    const auto allowed = sizes(frame.kind);
    if (!allowed) return fail(ChannelError::unknown_kind);
    assert(allowed->most <= largest_body);
    if (length < allowed->least || length > allowed->most) return fail(ChannelError::wrong_length);
    frame.body = SecretBuffer{length};
    const auto got = receive_all(socket_, frame.body.expose_mutable(), deadline);
    if (!got) return fail(got.error());
    return frame;
}

Result<void, ChannelError> ServiceChannel::wait(std::optional<Patience> patience) {
    std::optional<Clock::time_point> deadline;
    if (patience) deadline = Clock::now() + *patience;
    return await(socket_, POLLIN, deadline);
}

bool ServiceChannel::idle() const {
    u8 byte = 0;
    return socket_ >= 0 && ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && would_wait();
}

void ServiceChannel::finish_sending() {
    if (socket_ >= 0) ::shutdown(socket_, SHUT_WR);
}

void ServiceChannel::close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

}  // namespace chat
