#pragma once
/// A program (the product or a peer that others wrote) started by a test, with pipes to its input and from its output and errors.
/// Killed when the object dies. Every wait has a deadline; what was said so far stands in the error of one
/// that failed.

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace chat::test {

using Deadline = std::chrono::steady_clock::time_point;

class TestProcess {
  public:
    /// `name` is for failure messages. Standard output and error come together. No configuration file of
    /// the user's, nor of OpenSSL's, is read.
    TestProcess(std::string name, const std::string& program, const std::vector<std::string>& arguments);
    TestProcess(TestProcess&& other) noexcept;
    TestProcess& operator=(TestProcess&&) = delete;
    ~TestProcess();

    /// One line to its standard input; a program that ended takes none, which shows elsewhere.
    void say(const std::string& line) const;
    void end_input();

    /// Reads until the output holds `text`. Throws at the deadline or when the program ends without it.
    void wait_for(const std::string& text, Deadline deadline);
    /// What follows `text` up to the end of its line; waits and throws likewise.
    std::string rest_of_line(const std::string& text, Deadline deadline);
    /// Reads until `done`, which looks at this object. Throws likewise.
    void wait_until(const std::string& what, const std::function<bool()>& done, Deadline deadline);
    /// Waits for the program's own end; its exit status, or minus the signal that ended it. Throws at the
    /// deadline.
    int wait_exit(Deadline deadline);
    /// Takes what is there; false once the output has ended.
    bool read_some(Deadline deadline);

    [[nodiscard]] bool said(const std::string& text) const { return output_.find(text) != std::string::npos; }
    [[nodiscard]] std::size_t count(const std::string& text) const;
    /// Texts of the peer in order: what stands behind "<name> ".
    [[nodiscard]] std::vector<std::string> heard() const;
    [[nodiscard]] const std::string& output() const { return output_; }
    /// Name, command's output, exit status: for a failure message.
    [[nodiscard]] std::string transcript() const;

  private:
    void stop();

    std::string name_;
    pid_t pid_ = -1;
    int input_ = -1;
    int from_child_ = -1;
    bool ended_ = false;
    std::string exit_text_ = "still running";
    std::string output_;
};

}  // namespace chat::test
