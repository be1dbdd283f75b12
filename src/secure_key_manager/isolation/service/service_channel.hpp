#pragma once
/// Frames between this program and a helper process of its own (the key process, the device process), over a stream socket.
///
///     kind u8 | length u32 | body
///
/// A length that the kind doesn't have is refused before a byte of memory is taken for it. Bodies live in guarded memory, since some
/// carry secrets; what the kernel holds of them while they pass is the kernel's. Every call ends by its deadline: a helper that is
/// stuck, or stopped, can't freeze the chat. Time for which this process itself was stopped (Ctrl-Z, a laptop's lid) does not count.
/// After any error but timed_out in wait() the channel is of no use any more.

#include <chrono>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace chat {

enum class ChannelError : u8 {
    closed,        ///< the other process closed its end, or ended
    timed_out,     ///< nothing, or not all of it, came or could be sent in time
    unknown_kind,  ///< a frame whose kind the protocol doesn't have
    wrong_length,  ///< a length that its kind doesn't have
    failed,        ///< the system refused to read or write
};
/// One line for the user.
[[nodiscard]] std::string_view describe(ChannelError error);

struct ServiceFrame {
    u8 kind{};
    SecretBuffer body;
};

/// Lengths that a body of one kind may have.
struct BodySizes {
    std::size_t least = 0;
    std::size_t most = 0;
};
/// A protocol's answer for each kind; nothing: there is no such kind.
using SizeRule = std::optional<BodySizes> (*)(u8 kind);

class ServiceChannel {
  public:
    using Patience = std::chrono::milliseconds;
    static constexpr std::size_t head_size = 5;
    /// No rule may allow more: the largest legal body is a vault file.
    static constexpr std::size_t largest_body = std::size_t{4} << 20U;

    /// Owns `socket`, one end of a connected stream socket.
    explicit ServiceChannel(int socket);
    ServiceChannel(const ServiceChannel&) = delete;
    ServiceChannel& operator=(const ServiceChannel&) = delete;
    ServiceChannel(ServiceChannel&& other) noexcept;
    ServiceChannel& operator=(ServiceChannel&&) = delete;
    ~ServiceChannel();

    /// timed_out, closed or failed. A body longer than largest_body is a bug.
    [[nodiscard]] Result<void, ChannelError> send(u8 kind, ByteView body, Patience patience);
    /// The next frame, whole, within `patience`.
    [[nodiscard]] Result<ServiceFrame, ChannelError> receive(SizeRule sizes, Patience patience);
    /// Until a frame begins, or the other end closes. No patience: for as long as it takes.
    [[nodiscard]] Result<void, ChannelError> wait(std::optional<Patience> patience);
    /// Nobody spoke and nobody hung up: how a channel looks between calls. False also when a frame came that nobody asked for.
    [[nodiscard]] bool idle() const;
    /// A frame, or the beginning of one, is there to be received.
    [[nodiscard]] bool has_input() const;
    /// Tells the other end that nothing more will come; its answers can still be read.
    void finish_sending();
    /// Nothing more in either direction, but the descriptor stays: whoever watches it sees the end.
    void shut();
    void close();

    /// For an event loop: readable when the other end closed (or spoke unasked), or after shut(). -1 after close().
    [[nodiscard]] int descriptor() const { return socket_; }

  private:
    int socket_ = -1;
};

}  // namespace chat
