#pragma once
/// One TCP connection: bytes in, bytes out, bounded. TCP_NODELAY and keep-alive are on.

#include <functional>
#include <memory>

#include "base/result.hpp"
#include "p2p_core/net_address.hpp"
#include "p2p_core/net_error.hpp"
#include "shell/net/loop.hpp"

namespace chat {

class StreamCore;  // known to shell/net alone

struct StreamLimits {
    /// Bytes queued for writing at most: a full window of cells (512 x 5,654 bytes of TLS) and a bulk frame
    /// fit.
    std::size_t write_queue = std::size_t{4} << 20U;
    std::size_t read_chunk = 65536;  ///< bytes given to on_bytes in one call at most
};

class Stream {
  public:
    struct Events {
        /// At least one byte; borrowed for the call.
        std::function<void(ByteView)> on_bytes;
        /// The peer will send no more (FIN). The stream can still be written to.
        std::function<void()> on_end;
        /// The stream is dead: reset, timed out, ... Called once; nothing is called after it.
        std::function<void(NetError)> on_failure;
        /// The write queue became empty.
        std::function<void()> on_drained;
    };

    /// Made by Listener and Dialler.
    explicit Stream(std::shared_ptr<StreamCore> core);
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    /// reset() unless close() was called.
    ~Stream();

    /// Begins reading. Callbacks may destroy the Stream.
    void start(Events events);

    /// Queues `bytes` to go out with one system call, in order, as soon as the socket takes them.
    /// backlog_full (and nothing queued) when the queue would grow beyond its limit; closed when the stream
    /// is dead or closing.
    [[nodiscard]] Result<void, NetError> write(Bytes bytes);
    [[nodiscard]] std::size_t queued() const;

    /// Back-pressure towards the peer: nothing is read until resume_reading().
    void pause_reading();
    void resume_reading();

    /// Fails the stream with timed_out at that moment, unless changed before. One deadline at a time: that of
    /// the stage.
    void set_deadline(Time when);
    void clear_deadline();

    /// Sends what is queued, then FIN, and lets go; gives up after deadlines::drain_on_close. No callback
    /// comes after it.
    void close();
    /// RST now, dropping what is queued. No callback comes after it.
    void reset();

    [[nodiscard]] SocketAddress peer() const;
    [[nodiscard]] SocketAddress local() const;
    [[nodiscard]] u64 bytes_sent() const;
    [[nodiscard]] u64 bytes_received() const;

  private:
    std::shared_ptr<StreamCore> core_;
    bool closed_ = false;
};

}  // namespace chat
