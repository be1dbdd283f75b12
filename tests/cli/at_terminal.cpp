#include "cli/at_terminal.hpp"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "cli/program.hpp"

namespace chat::test {

AtTerminal::AtTerminal(const std::string& program, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), program);
    std::vector<char*> argv;
    for (std::string& each : arguments) argv.push_back(each.data());
    argv.push_back(nullptr);
    const winsize size{40, 100, 0, 0};
    process_ = ::forkpty(&master_, nullptr, nullptr, &size);
    if (process_ == 0) {
        ::setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
        ::setenv("TERM", "xterm", 1);
        ::execv(program.c_str(), argv.data());
        ::_exit(127);
    }
}

AtTerminal::~AtTerminal() {
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    if (master_ >= 0) ::close(master_);
}

std::string AtTerminal::wait_for(std::string_view text) {
    const auto until =
        std::chrono::steady_clock::now() + std::chrono::ceil<std::chrono::milliseconds>(patience);
    std::size_t found = screen_.find(text);
    while (found == std::string::npos && read_some(until)) found = screen_.find(text);
    if (found == std::string::npos) {
        throw std::runtime_error{"waited in vain for '" + std::string{text} + "'; what came:\n" + screen_};
    }
    std::string out = screen_.substr(0, found + text.size());
    screen_.erase(0, found + text.size());
    return out;
}

void AtTerminal::type(std::string_view keys) {
    if (::write(master_, keys.data(), keys.size()) < 0) throw std::runtime_error{"the terminal is gone"};
}

void AtTerminal::signal(int number) { ::kill(process_, number); }

void AtTerminal::hang_up() { ::close(std::exchange(master_, -1)); }

int AtTerminal::wait() {
    const auto until =
        std::chrono::steady_clock::now() + std::chrono::ceil<std::chrono::milliseconds>(patience);
    while (master_ >= 0 && read_some(until)) {
    }
    int status = 0;
    ::waitpid(std::exchange(process_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

termios AtTerminal::mode() const {
    termios out{};
    ::tcgetattr(master_, &out);
    return out;
}

bool AtTerminal::read_some(std::chrono::steady_clock::time_point until) {
    pollfd watched{master_, POLLIN, 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (::poll(&watched, 1, static_cast<int>(std::max<long>(left.count(), 0))) <= 0) return false;
    std::array<char, 65536> room{};
    const ssize_t count = ::read(master_, room.data(), room.size());
    if (count <= 0) return false;
    screen_.append(room.data(), static_cast<std::size_t>(count));
    return true;
}

}  // namespace chat::test
