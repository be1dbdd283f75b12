#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "shell/terminal/prompt.hpp"

namespace chat {

LineRead read_line(int descriptor, MutableByteView room) {
    LineRead out;
    while (out.bytes < room.size()) {
        const ssize_t count = ::read(descriptor, &room[out.bytes], 1);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            out.ended = true;
            break;
        }
        if (room[out.bytes++] == '\n') break;
    }
    return out;
}

bool more_is_waiting(int descriptor, std::chrono::milliseconds patience) {
    pollfd watched{descriptor, POLLIN, 0};
    return ::poll(&watched, 1, static_cast<int>(patience.count())) > 0 && (watched.revents & POLLIN) != 0;
}

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

}  // namespace chat
