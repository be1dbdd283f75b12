#pragma once
/// A child process with pipes to its standard input and output. One implementation per platform.

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace chat {

class ChildProcess {
  public:
    /// Starts `program` with `arguments`; its standard error is this process's. Throws std::system_error.
    ChildProcess(const std::string& program, const std::vector<std::string>& arguments);
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    /// Closes the pipes, asks the child to end, and waits for it.
    ~ChildProcess();

    /// The end of its standard output that is read here.
    [[nodiscard]] int output() const { return output_; }
    /// False when the child takes no more.
    bool write_line(std::string_view line);
    void close_input();
    /// Waits for its end; its exit status, or 128 + signal.
    int wait();

  private:
    int process_ = -1;
    int input_ = -1;
    int output_ = -1;
};

}  // namespace chat
