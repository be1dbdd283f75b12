#pragma once
/// Notices that whoever reads our standard output is gone, also while nothing is printed. One implementation per platform.

#include <functional>
#include <memory>

#include "shell/net/loop.hpp"

namespace chat {

class OutputWatch {
  public:
    /// Calls back once, if `descriptor` is a pipe or a socket and its other end closes. Anything else (a file, a terminal) is not
    /// watched.
    OutputWatch(Loop& loop, int descriptor, std::function<void()> on_closed);
    OutputWatch(const OutputWatch&) = delete;
    OutputWatch& operator=(const OutputWatch&) = delete;
    ~OutputWatch() = default;

  private:
    std::unique_ptr<ReadWatch> watch_;
};

}  // namespace chat
