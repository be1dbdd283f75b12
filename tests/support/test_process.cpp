#include "support/test_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace chat::test {
namespace {

int milliseconds_until(Deadline deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return left.count() < 0 ? 0 : static_cast<int>(left.count());
}

void close_once(int& descriptor) {
    if (descriptor >= 0) ::close(std::exchange(descriptor, -1));
}

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    return ends;
}

}  // namespace

TestProcess::TestProcess(std::string name, const std::string& program,
                         const std::vector<std::string>& arguments)
    : name_{std::move(name)} {
    // A program that ended early must show as an error of write(), not end the test.
    std::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> in = make_pipe();
    std::array<int, 2> out = make_pipe();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDERR_FILENO);
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    std::array<std::string, 4> variables = {"PATH=/usr/bin:/bin", "HOME=/nonexistent", "LANG=C.UTF-8",
                                            "OPENSSL_CONF=/dev/null"};
    std::array<char*, 5> environment = {variables[0].data(), variables[1].data(), variables[2].data(),
                                        variables[3].data(), nullptr};
    const int failure =
        ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    input_ = in[1];
    from_child_ = out[0];
    if (failure == 0) return;
    pid_ = -1;
    stop();
    throw std::runtime_error{"can't start " + program};
}

TestProcess::TestProcess(TestProcess&& other) noexcept
    : name_{std::move(other.name_)},
      pid_{std::exchange(other.pid_, -1)},
      input_{std::exchange(other.input_, -1)},
      from_child_{std::exchange(other.from_child_, -1)},
      ended_{other.ended_},
      exit_text_{std::move(other.exit_text_)},
      output_{std::move(other.output_)} {}

TestProcess::~TestProcess() { stop(); }

void TestProcess::stop() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(std::exchange(pid_, -1), nullptr, 0);
    }
    close_once(input_);
    close_once(from_child_);
}

void TestProcess::say(const std::string& line) const {
    const std::string text = line + "\n";
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t count = ::write(input_, text.data() + done, text.size() - done);
        if (count <= 0) return;
        done += static_cast<std::size_t>(count);
    }
}

void TestProcess::end_input() { close_once(input_); }

bool TestProcess::read_some(Deadline deadline) {
    if (ended_) return false;
    pollfd ready{from_child_, POLLIN, 0};
    if (::poll(&ready, 1, milliseconds_until(deadline)) <= 0) return true;
    std::array<char, 16384> buffer{};
    const ssize_t size = ::read(from_child_, buffer.data(), buffer.size());
    if (size <= 0) {
        ended_ = true;
        return false;
    }
    output_.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
}

void TestProcess::wait_until(const std::string& what, const std::function<bool()>& done, Deadline deadline) {
    while (!done()) {
        const bool more = read_some(deadline);
        if (done()) return;
        if (!more) throw std::runtime_error{name_ + " ended before: " + what};
        if (std::chrono::steady_clock::now() >= deadline)
            throw std::runtime_error{name_ + ": too late for: " + what};
    }
}

void TestProcess::wait_for(const std::string& text, Deadline deadline) {
    wait_until(
        "'" + text + "'", [&] { return said(text); }, deadline);
}

std::string TestProcess::rest_of_line(const std::string& text, Deadline deadline) {
    const auto whole = [&] {
        const std::size_t at = output_.find(text);
        return at != std::string::npos && output_.find('\n', at) != std::string::npos;
    };
    wait_until("'" + text + "'", whole, deadline);
    const std::size_t begin = output_.find(text) + text.size();
    return output_.substr(begin, output_.find('\n', begin) - begin);
}

int TestProcess::wait_exit(Deadline deadline) {
    while (read_some(deadline)) {
        if (std::chrono::steady_clock::now() >= deadline) throw std::runtime_error{name_ + " hangs"};
    }
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    const int out = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    exit_text_ = WIFEXITED(status) ? "exit " + std::to_string(out) : "signal " + std::to_string(-out);
    return out;
}

std::size_t TestProcess::count(const std::string& text) const {
    std::size_t out = 0;
    for (std::size_t at = output_.find(text); at != std::string::npos; at = output_.find(text, at + 1)) ++out;
    return out;
}

std::vector<std::string> TestProcess::heard() const {
    std::vector<std::string> out;
    std::istringstream lines{output_};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("<")) out.push_back(line.substr(line.find("> ") + 2));
    }
    return out;
}

std::string TestProcess::transcript() const { return "--- " + name_ + " (" + exit_text_ + ")\n" + output_; }

}  // namespace chat::test
