#pragma once
/// The terminal while its input is edited here: key by key, without echo. It is put back on every way out: destruction, exit(), an
/// uncaught exception, a fatal signal. One implementation per platform; one object at a time.

#include <functional>
#include <memory>

#include "shell/net/loop.hpp"

namespace chat {

class TerminalMode {
  public:
    /// `on_change` comes from the loop after the window was resized, or the program continued after it had been stopped (the mode
    /// is then set again already). Throws std::system_error where `descriptor` is no terminal.
    TerminalMode(Loop& loop, int descriptor, std::function<void()> on_change);
    TerminalMode(const TerminalMode&) = delete;
    TerminalMode& operator=(const TerminalMode&) = delete;
    ~TerminalMode();

    /// Width in cells; 80 where the terminal doesn't say.
    [[nodiscard]] std::size_t columns() const;

  private:
    std::function<void()> on_change_;
    std::unique_ptr<ReadWatch> changes_;
};

}  // namespace chat
