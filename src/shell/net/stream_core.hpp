#pragma once
/// The inside of a Stream, which outlives it while bytes still have to go out.

#include <deque>
#include <memory>

#include "shell/net/asio_core.hpp"
#include "shell/net/stream.hpp"

namespace chat {

class StreamCore : public std::enable_shared_from_this<StreamCore> {
  public:
    /// `socket` is connected.
    StreamCore(Loop& loop, asio::ip::tcp::socket socket, StreamLimits limits);

    void start(Stream::Events events);
    [[nodiscard]] Result<void, NetError> write(Bytes bytes);
    void pause_reading();
    void resume_reading();
    void set_deadline(std::optional<Time> when);
    void close();
    void reset();

    [[nodiscard]] std::size_t queued() const { return queued_; }
    [[nodiscard]] const SocketAddress& peer() const { return peer_; }
    [[nodiscard]] const SocketAddress& local() const { return local_; }
    [[nodiscard]] u64 bytes_sent() const { return sent_; }
    [[nodiscard]] u64 bytes_received() const { return received_; }

  private:
    enum class State : u8 {
        idle,  ///< start() is still to come
        open,
        closing,  ///< close() was called: what is queued still goes out, what comes in is dropped
        dead,
    };
    enum class Progress : u8 { again, later, ended };

    void read_soon();
    void wait_readable();
    [[nodiscard]] Progress read_once();
    void read_ended(const asio::error_code& error);
    void flush();
    void wait_writable();
    void write_failed(const asio::error_code& error);
    void queue_emptied();
    void fail_now(NetError error);
    void die();
    void release_events_soon();

    Loop& loop_;
    asio::ip::tcp::socket socket_;
    StreamLimits limits_;
    SocketAddress peer_;
    SocketAddress local_;
    Stream::Events events_;
    State state_ = State::idle;
    Timer deadline_;
    std::deque<Bytes> queue_;
    std::size_t front_sent_ = 0;  ///< of the first in queue_
    std::size_t queued_ = 0;
    u64 sent_ = 0;
    u64 received_ = 0;
    bool paused_ = false;
    bool reading_ = false;  ///< a read is on its way
    bool writing_ = false;  ///< waiting for the socket to take more
    bool ended_ = false;    ///< the peer sent FIN
    bool broken_ = false;   ///< writing failed
};

}  // namespace chat
