#include "shell/terminal/line_input.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace chat {

LineInput::LineInput(Loop& loop, int descriptor, Events events)
    : descriptor_{descriptor},
      events_{std::move(events)},
      watch_{std::make_unique<ReadWatch>(loop, descriptor, [this] { on_readable(); })} {}

LineInput::~LineInput() = default;

void LineInput::pause() { watch_->pause(); }

void LineInput::resume() {
    if (!ended_) watch_->resume();
}

void LineInput::on_readable() {
    std::array<u8, 4096> chunk{};
    const WipeOnExit wipe{chunk};
    const ssize_t count = ::read(descriptor_, chunk.data(), chunk.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (count > 0) return take(ByteView{chunk}.first(static_cast<std::size_t>(count)));
    ended_ = true;
    watch_->pause();
    if (length_ > 0) finish_line();
    events_.on_end();
}

void LineInput::take(ByteView bytes) {
    for (u8 byte : bytes) {
        if (byte == '\n') {
            finish_line();
        } else if (length_ == longest_input_line) {
            overlong_ = true;
        } else {
            line_.expose_mutable()[length_++] = byte;
        }
    }
}

void LineInput::finish_line() {
    ByteView line = line_.expose().first(length_);
    if (!line.empty() && line.back() == '\r') line = line.first(line.size() - 1);
    const bool dropped = std::exchange(overlong_, false);
    const WipeOnExit wipe{line_.expose_mutable().first(std::exchange(length_, 0))};
    if (dropped) return events_.on_too_long();
    events_.on_line(line);
}

}  // namespace chat
