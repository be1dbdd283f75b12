#pragma once
/// A program started by a test, with pipes to its standard input and from its output. Ended when the object dies.

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace chat::test {

class ChildProcess {
  public:
    using Deadline = std::chrono::steady_clock::time_point;

    /// argv[0] is the path. Standard output and error come together. Reads no configuration of OpenSSL's.
    explicit ChildProcess(const std::vector<std::string>& argv);
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ~ChildProcess();

    void write(const std::string& text) const;
    /// Reads until the output holds `text`; throws std::runtime_error at the deadline or when the program ends without it.
    void wait_for(const std::string& text, Deadline deadline);
    /// What follows `text` up to the end of its line; waits and throws likewise.
    std::string rest_of_line(const std::string& text, Deadline deadline);
    /// Closes its input, reads to the end of its output and gives its exit status.
    int finish(Deadline deadline);
    [[nodiscard]] const std::string& output() const { return output_; }

  private:
    bool read_some(Deadline deadline);

    pid_t pid_ = -1;
    int input_ = -1;
    int from_child_ = -1;
    std::string output_;
};

}  // namespace chat::test
