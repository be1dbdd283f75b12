#pragma once
/// A program at a terminal of its own (a pseudo-terminal), typed to and read by a test. Every wait has a deadline.

#include <termios.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace chat::test {

class AtTerminal {
  public:
    AtTerminal(const std::string& program, std::vector<std::string> arguments);
    AtTerminal(const AtTerminal&) = delete;
    AtTerminal& operator=(const AtTerminal&) = delete;
    ~AtTerminal();

    /// Reads until `text` comes, and gives what came with it.
    std::string wait_for(std::string_view text);
    void type(std::string_view keys);
    void signal(int number);
    void hang_up();
    /// Exit status, or 128 + signal.
    int wait();
    [[nodiscard]] int id() const { return process_; }
    [[nodiscard]] termios mode() const;
    [[nodiscard]] const std::string& screen() const { return screen_; }

  private:
    bool read_some(std::chrono::steady_clock::time_point until);

    int master_ = -1;
    int process_ = -1;
    std::string screen_;
};

}  // namespace chat::test
