#pragma once
/// The real program under test, talked to over pipes. Every wait has a deadline and none sleeps; when one passes, the exception says
/// what was waited for and what had come.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "shell/child_process.hpp"
#include "support/temporary_folder.hpp"

namespace chat::test {

using Seconds = std::chrono::duration<double>;
inline constexpr Seconds patience{45};

class Program {
  public:
    /// `arguments` as given; nothing of the person's own configuration is read unless `environment` names it.
    explicit Program(std::vector<std::string> arguments, std::vector<std::string> environment = {});
    /// Another program, which starts it.
    Program(const std::string& path, std::vector<std::string> arguments);
    ~Program();

    /// The first line that holds `text`, after the one that the last call gave.
    std::string wait_for(std::string_view text, Seconds limit = patience);
    void say(std::string_view line);
    /// say() to a program that may have ended already.
    void offer(std::string_view line) { process_.write_line(line); }
    void end_input() { process_.close_input(); }
    void close_output() { process_.close_output(); }
    void signal(int number);
    /// Reads what is left, and waits for the end; its exit status.
    int wait(Seconds limit = patience);
    int wait_after_end_of_input(Seconds limit = patience);

    [[nodiscard]] int id() const { return process_.id(); }
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
    [[nodiscard]] std::size_t count(std::string_view text) const;
    [[nodiscard]] const std::string& errors() const { return error_text_; }
    [[nodiscard]] std::string transcript() const;

  private:
    using Clock = std::chrono::steady_clock;
    /// Takes in what there is, waiting until `until` for the first of it; false once both streams ended or time is up.
    bool read_some(Clock::time_point until);
    void split_lines();

    ChildProcess process_;
    std::string pending_;
    std::vector<std::string> lines_;
    std::string error_text_;
    std::size_t next_line_ = 0;
    bool output_open_ = true;
    bool errors_open_ = true;
};

/// The program's outcome when it ends by itself, with `input` as all it gets to read.
struct Outcome {
    int status = 0;
    std::string output;
    std::string errors;
};
Outcome run(std::vector<std::string> arguments, std::string_view input = {},
            std::vector<std::string> environment = {});

// What most tests begin with.
std::vector<std::string> listen_on(std::string_view address, std::vector<std::string> more = {});
/// The invite that a listener prints.
std::string invite_of(Program& listener);
/// The port in "* listening on 127.0.0.1:4711".
std::string port_of(Program& listener);
/// A guest that read `invite` from its standard input.
std::vector<std::string> join_from_input(std::vector<std::string> more = {});

/// A host and a guest that are connected.
struct Pair {
    explicit Pair(std::vector<std::string> host_options = {}, std::vector<std::string> guest_options = {},
                  std::string_view address = "127.0.0.1");
    Program host;
    std::string invite;
    Program guest;
};

}  // namespace chat::test
