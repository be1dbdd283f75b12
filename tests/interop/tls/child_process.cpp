#include "child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <array>
#include <stdexcept>

namespace chat::test {
namespace {

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
        read_end = ends[0];
        write_end = ends[1];
    }
    int read_end = -1;
    int write_end = -1;
};

int milliseconds_until(ChildProcess::Deadline deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return left.count() < 0 ? 0 : static_cast<int>(left.count());
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& argv) {
    // A program that ended early must show as an error of write(), not end the test.
    std::signal(SIGPIPE, SIG_IGN);
    const Pipe to_child;
    const Pipe from_child;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, to_child.read_end, 0);
    posix_spawn_file_actions_adddup2(&actions, from_child.write_end, 1);
    posix_spawn_file_actions_adddup2(&actions, from_child.write_end, 2);
    std::vector<std::string> arguments = argv;
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    std::string configuration = "OPENSSL_CONF=/dev/null";
    std::string path = "PATH=/usr/bin:/bin";
    std::array<char*, 3> environment = {configuration.data(), path.data(), nullptr};
    const int status =
        ::posix_spawn(&pid_, argv.at(0).c_str(), &actions, nullptr, pointers.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(to_child.read_end);
    ::close(from_child.write_end);
    input_ = to_child.write_end;
    from_child_ = from_child.read_end;
    if (status != 0) throw std::runtime_error{"can't start " + argv.at(0)};
}

ChildProcess::~ChildProcess() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    if (input_ >= 0) ::close(input_);
    if (from_child_ >= 0) ::close(from_child_);
}

void ChildProcess::write(const std::string& text) const {
    if (::write(input_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        throw std::runtime_error{"the program does not take its input"};
    }
}

bool ChildProcess::read_some(Deadline deadline) {
    pollfd ready{from_child_, POLLIN, 0};
    if (::poll(&ready, 1, milliseconds_until(deadline)) <= 0) {
        throw std::runtime_error{"the program says nothing more; it said:\n" + output_};
    }
    std::array<char, 4096> buffer{};
    const ssize_t size = ::read(from_child_, buffer.data(), buffer.size());
    if (size <= 0) return false;
    output_.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
}

void ChildProcess::wait_for(const std::string& text, Deadline deadline) {
    while (output_.find(text) == std::string::npos) {
        if (!read_some(deadline)) {
            throw std::runtime_error{"the program ended without saying '" + text + "'; it said:\n" + output_};
        }
    }
}

std::string ChildProcess::rest_of_line(const std::string& text, Deadline deadline) {
    wait_for(text, deadline);
    const std::size_t begin = output_.find(text) + text.size();
    while (output_.find('\n', begin) == std::string::npos && read_some(deadline)) {
    }
    return output_.substr(begin, output_.find('\n', begin) - begin);
}

int ChildProcess::finish(Deadline deadline) {
    ::close(input_);
    input_ = -1;
    while (read_some(deadline)) {
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace chat::test
