#pragma once
/// A child process with pipes to its standard streams. One implementation per platform.

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace chat {

class ChildProcess {
  public:
    enum class ErrorOutput : u8 { inherited, piped };
    struct Setup {
        ErrorOutput errors = ErrorOutput::inherited;
        std::vector<std::string> environment;  ///< "NAME=value", beside this process's own
    };

    /// Starts `program` with `arguments`. Throws std::system_error.
    ChildProcess(const std::string& program, const std::vector<std::string>& arguments, const Setup& setup);
    ChildProcess(const std::string& program, const std::vector<std::string>& arguments)
        : ChildProcess{program, arguments, Setup{}} {}
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    /// Closes the pipes, asks the child to end, and waits for it.
    ~ChildProcess();

    /// The end of its standard output that is read here.
    [[nodiscard]] int output() const { return output_; }
    /// Likewise of its standard error; -1 unless piped.
    [[nodiscard]] int errors() const { return errors_; }
    /// -1 after wait().
    [[nodiscard]] int id() const { return process_; }
    /// False when the child takes no more.
    bool write_line(std::string_view line);
    void close_input();
    void close_output();
    /// Waits for its end; its exit status, or 128 + signal.
    int wait();

  private:
    int process_ = -1;
    int input_ = -1;
    int output_ = -1;
    int errors_ = -1;
};

}  // namespace chat
