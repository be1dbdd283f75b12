#include <sys/epoll.h>
#include <unistd.h>

// Before asio: its way of allocating hangs on what the standard library's headers define, and must be the
// same in every file.
#include <memory>

#include <asio/posix/stream_descriptor.hpp>

#include "shell/net/asio_core.hpp"
#include "shell/net/loop.hpp"

namespace chat {

/// asio would make the watched descriptor itself non-blocking, and with it the terminal of whoever started
/// this program. So the descriptor goes into an epoll set of its own, and asio watches the set.
struct ReadWatch::Impl : std::enable_shared_from_this<ReadWatch::Impl> {
    Impl(Loop& loop, int descriptor, std::function<void()> on_readable)
        : context{loop.core().context},
          set{context, epoll_create1(EPOLL_CLOEXEC)},
          callback{std::move(on_readable)} {
        epoll_event event{};
        event.events = EPOLLIN;
        // A regular file can't be watched because it never makes anyone wait; a closed descriptor neither.
        always_ready = epoll_ctl(set.native_handle(), EPOLL_CTL_ADD, descriptor, &event) != 0;
    }

    void wait() {
        if (waiting || paused || closed) return;
        waiting = true;
        auto ready = [self = shared_from_this()](const asio::error_code& error = {}) {
            self->waiting = false;
            if (error || self->paused || self->closed) return;
            self->callback();
            self->wait();
        };
        if (always_ready) {
            asio::post(context, std::move(ready));
        } else {
            set.async_wait(asio::posix::stream_descriptor::wait_read, std::move(ready));
        }
    }

    asio::io_context& context;
    asio::posix::stream_descriptor set;
    std::function<void()> callback;
    bool always_ready = false;
    bool waiting = false;
    bool paused = false;
    bool closed = false;
};

ReadWatch::ReadWatch(Loop& loop, int descriptor, std::function<void()> on_readable)
    : impl_{std::make_shared<Impl>(loop, descriptor, std::move(on_readable))} {
    impl_->wait();
}

ReadWatch::~ReadWatch() {
    impl_->closed = true;
    impl_->set.close();
}

void ReadWatch::pause() { impl_->paused = true; }

void ReadWatch::resume() {
    impl_->paused = false;
    impl_->wait();
}

}  // namespace chat
