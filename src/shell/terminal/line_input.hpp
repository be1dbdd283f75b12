#pragma once
/// Lines from standard input (a terminal, a pipe or a file), without blocking the loop. Bytes that were read are wiped after use.

#include <functional>
#include <memory>

#include "base/secret.hpp"
#include "shell/net/loop.hpp"

namespace chat {

class LineInput {
  public:
    /// A text of 64 KiB and its line end.
    static constexpr std::size_t longest_line = 64UL * 1024 + 2;

    struct Events {
        /// One line without its end; borrowed. The last line of a file may lack the end.
        std::function<void(ByteView)> on_line;
        /// A line was longer than longest_line; it is dropped as a whole.
        std::function<void()> on_too_long;
        /// End of input (Ctrl-D). Nothing comes after it.
        std::function<void()> on_end;
    };

    LineInput(Loop& loop, int descriptor, Events events);
    LineInput(const LineInput&) = delete;
    LineInput& operator=(const LineInput&) = delete;
    ~LineInput();

    /// Back-pressure towards whoever writes; what was read already still comes.
    void pause();
    void resume();

  private:
    void on_readable();
    void take(ByteView bytes);
    void finish_line();

    int descriptor_;
    Events events_;
    SecretBuffer line_{longest_line};
    std::size_t length_ = 0;
    bool overlong_ = false;
    bool ended_ = false;
    std::unique_ptr<ReadWatch> watch_;
};

}  // namespace chat
