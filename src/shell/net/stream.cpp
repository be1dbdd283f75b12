#include "shell/net/stream.hpp"

#include <utility>

#include "p2p_core/deadlines.hpp"
#include "shell/net/stream_core.hpp"
#include "shell/net/system_error.hpp"

namespace chat {

using asio::ip::tcp;

StreamCore::StreamCore(Loop& loop, tcp::socket socket, StreamLimits limits)
    : loop_{loop}, socket_{std::move(socket)}, limits_{limits}, deadline_{loop} {
    limits_.read_chunk = std::min(limits_.read_chunk, loop.core().read_buffer.size());
    asio::error_code ignored;  // a peer that is already gone shows itself when it is read from
    socket_.non_blocking(true, ignored);
    socket_.set_option(tcp::no_delay{true}, ignored);
    socket_.set_option(asio::socket_base::keep_alive{true}, ignored);
    peer_ = from_asio(socket_.remote_endpoint(ignored));
    local_ = from_asio(socket_.local_endpoint(ignored));
}

void StreamCore::start(Stream::Events events) {
    events_ = std::move(events);
    if (state_ != State::idle) return;
    state_ = State::open;
    read_soon();
}

/// What is there already is read before anything else of the loop happens to it.
void StreamCore::read_soon() {
    if (reading_ || paused_ || ended_ || state_ == State::dead) return;
    reading_ = true;
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
        self->reading_ = false;
        if (self->read_once() != Progress::ended) self->wait_readable();
    });
}

void StreamCore::wait_readable() {
    if (reading_ || paused_ || ended_ || state_ == State::dead) return;
    reading_ = true;
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](const asio::error_code& error) {
        self->reading_ = false;
        if (self->state_ == State::dead) return;
        if (error) return self->read_ended(error);
        if (self->read_once() != Progress::ended) self->wait_readable();
    });
}

StreamCore::Progress StreamCore::read_once() {
    if (paused_ || ended_ || state_ == State::dead) return Progress::ended;
    auto& buffer = loop_.core().read_buffer;
    asio::error_code error;
    const std::size_t size = socket_.read_some(asio::buffer(buffer.data(), limits_.read_chunk), error);
    if (error == asio::error::would_block || error == asio::error::try_again) return Progress::later;
    if (error) {
        read_ended(error);
        return Progress::ended;
    }
    received_ += size;
    if (state_ == State::open && events_.on_bytes) events_.on_bytes(ByteView{buffer}.first(size));
    return Progress::again;
}

void StreamCore::read_ended(const asio::error_code& error) {
    if (error != asio::error::eof) return fail_now(net_error_of(error));
    ended_ = true;
    if (state_ == State::closing && queue_.empty()) return die();
    if (state_ == State::open && events_.on_end) events_.on_end();
}

Result<void, NetError> StreamCore::write(Bytes bytes) {
    if (state_ == State::closing || state_ == State::dead || broken_) return fail(NetError::closed);
    if (bytes.empty()) return {};
    if (bytes.size() > limits_.write_queue - queued_) return fail(NetError::backlog_full);
    queued_ += bytes.size();
    queue_.push_back(std::move(bytes));
    if (!writing_) flush();
    return {};
}

void StreamCore::flush() {
    while (!queue_.empty()) {
        const ByteView rest = ByteView{queue_.front()}.subspan(front_sent_);
        asio::error_code error;
        const std::size_t size = socket_.write_some(asio::buffer(rest.data(), rest.size()), error);
        if (error == asio::error::would_block || error == asio::error::try_again) return wait_writable();
        if (error) return write_failed(error);
        sent_ += size;
        queued_ -= size;
        front_sent_ += size;
        if (size < rest.size()) continue;
        queue_.pop_front();
        front_sent_ = 0;
    }
}

void StreamCore::wait_writable() {
    writing_ = true;
    socket_.async_wait(tcp::socket::wait_write, [self = shared_from_this()](const asio::error_code& error) {
        self->writing_ = false;
        if (self->state_ == State::dead) return;
        if (error) return self->write_failed(error);
        self->flush();
        if (self->queue_.empty() && !self->broken_) self->queue_emptied();
    });
}

void StreamCore::queue_emptied() {
    if (state_ == State::open && events_.on_drained) events_.on_drained();
    if (state_ != State::closing) return;
    asio::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    if (ended_) die();
}

void StreamCore::write_failed(const asio::error_code& error) {
    broken_ = true;
    queue_.clear();
    queued_ = 0;
    front_sent_ = 0;
    // Later, since a caller of write() doesn't expect callbacks.
    asio::post(socket_.get_executor(),
               [self = shared_from_this(), why = net_error_of(error)] { self->fail_now(why); });
}

void StreamCore::pause_reading() { paused_ = true; }

void StreamCore::resume_reading() {
    if (!std::exchange(paused_, false)) return;
    if (state_ != State::idle) read_soon();
}

void StreamCore::set_deadline(std::optional<Time> when) {
    if (state_ == State::closing || state_ == State::dead) return;
    deadline_.set(when, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->fail_now(NetError::timed_out);
    });
}

void StreamCore::close() {
    if (state_ == State::closing || state_ == State::dead) return;
    state_ = State::closing;
    paused_ = false;
    release_events_soon();
    // Alive until then by this alone, if nothing is on its way.
    deadline_.set(loop_.now() + deadlines::drain_on_close, [self = shared_from_this()] { self->reset(); });
    if (!writing_) queue_emptied();
    // What comes in is read and dropped: a socket closed over unread bytes would cut off what was sent.
    read_soon();
}

void StreamCore::reset() {
    if (state_ == State::dead) return;
    asio::error_code ignored;
    socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
    die();
}

void StreamCore::fail_now(NetError error) {
    if (state_ == State::dead) return;
    const bool tell = state_ == State::open;
    reset();
    if (tell && events_.on_failure) events_.on_failure(error);
}

void StreamCore::die() {
    state_ = State::dead;
    deadline_.cancel();
    queue_.clear();
    queued_ = 0;
    asio::error_code ignored;
    socket_.close(ignored);
    release_events_soon();
}

/// A callback may be running right now, so what the callbacks own is let go of later.
void StreamCore::release_events_soon() {
    asio::post(socket_.get_executor(), [self = shared_from_this()] { self->events_ = {}; });
}

Stream::Stream(std::shared_ptr<StreamCore> core) : core_{std::move(core)} {}

Stream::~Stream() {
    // After close() the core goes on by itself, and reset() does nothing to a dead one.
    if (!closed_) core_->reset();
}

void Stream::start(Events events) { core_->start(std::move(events)); }

Result<void, NetError> Stream::write(Bytes bytes) { return core_->write(std::move(bytes)); }

std::size_t Stream::queued() const { return core_->queued(); }

void Stream::pause_reading() { core_->pause_reading(); }

void Stream::resume_reading() { core_->resume_reading(); }

void Stream::set_deadline(Time when) { core_->set_deadline(when); }

void Stream::clear_deadline() { core_->set_deadline(std::nullopt); }

void Stream::close() {
    closed_ = true;
    core_->close();
}

void Stream::reset() { core_->reset(); }

SocketAddress Stream::peer() const { return core_->peer(); }

SocketAddress Stream::local() const { return core_->local(); }

u64 Stream::bytes_sent() const { return core_->bytes_sent(); }

u64 Stream::bytes_received() const { return core_->bytes_received(); }

}  // namespace chat
