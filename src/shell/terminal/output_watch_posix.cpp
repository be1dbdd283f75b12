#include <poll.h>
#include <sys/stat.h>

#include "shell/terminal/output_watch.hpp"

namespace chat {

OutputWatch::OutputWatch(Loop& loop, int descriptor, std::function<void()> on_closed) {
    struct stat info {};
    if (::fstat(descriptor, &info) != 0 || !(S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode))) return;
    // A pipe's writing end is never readable; an error on it is reported all the same.
    watch_ =
        std::make_unique<ReadWatch>(loop, descriptor, [this, descriptor, on_closed = std::move(on_closed)] {
            pollfd state{descriptor, 0, 0};
            const bool closed = ::poll(&state, 1, 0) > 0 && (state.revents & (POLLERR | POLLHUP)) != 0;
            watch_->pause();
            if (closed) on_closed();
        });
}

}  // namespace chat
