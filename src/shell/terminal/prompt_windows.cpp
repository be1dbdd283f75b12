#include <io.h>
#include <windows.h>

#include "shell/terminal/prompt.hpp"

namespace chat {

LineRead read_line(int descriptor, MutableByteView room) {
    LineRead out;
    while (out.bytes < room.size()) {
        if (::_read(descriptor, &room[out.bytes], 1) <= 0) {
            out.ended = true;
            break;
        }
        if (room[out.bytes++] == '\n') break;
    }
    return out;
}

/// A console wakes its waiters for every event, so more than a line end may have been meant; a pipe can't be waited for at all, and is
/// asked.
bool more_is_waiting(int descriptor, std::chrono::milliseconds patience) {
    const auto handle =
        reinterpret_cast<HANDLE>(::_get_osfhandle(descriptor));  // NOLINT: what the C library calls it
    if (::_isatty(descriptor) != 0)
        return ::WaitForSingleObject(handle, static_cast<DWORD>(patience.count())) == WAIT_OBJECT_0;
    DWORD available = 0;
    return ::PeekNamedPipe(handle, nullptr, 0, nullptr, &available, nullptr) != 0 && available > 0;
}

bool is_terminal(int descriptor) { return ::_isatty(descriptor) != 0; }

}  // namespace chat
