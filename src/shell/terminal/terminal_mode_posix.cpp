#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

#include "shell/terminal/terminal_mode.hpp"

namespace chat {
namespace {

constexpr std::string_view bracketed_paste_on = "\x1B[?2004h";
constexpr std::string_view bracketed_paste_off = "\x1B[?2004l";
constexpr std::array fatal_signals = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGQUIT};
constexpr std::array watched_signals = {SIGWINCH, SIGCONT};

/// A signal handler reaches nothing but what is static: this is the one place of the program where that is needed.
struct ForHandlers {
    std::atomic<bool> changed{false};
    int descriptor = -1;
    termios before{};
    termios during{};
    std::array<int, 2> wake = {-1, -1};
};
ForHandlers shared;  // NOLINT: see above
static_assert(std::atomic<bool>::is_always_lock_free);

void write_all(std::string_view text) {
    if (::write(shared.descriptor, text.data(), text.size()) < 0)
        return;  // a terminal that is gone needs nothing
}

/// Only calls that a signal handler may make.
void restore() {
    if (!shared.changed.exchange(false)) return;
    write_all(bracketed_paste_off);
    ::tcsetattr(shared.descriptor, TCSANOW, &shared.before);
}

void apply() {
    ::tcsetattr(shared.descriptor, TCSADRAIN, &shared.during);
    write_all(bracketed_paste_on);
    shared.changed = true;
}

void on_fatal(int number) {
    restore();
    ::signal(number, SIG_DFL);
    ::raise(number);
}

void on_watched(int) {
    const int saved = errno;
    const char byte = 0;
    if (::write(shared.wake[1], &byte, 1) < 0) errno = saved;  // full: a wake-up is on its way already
    errno = saved;
}

void handle(int number, void (*handler)(int), int flags) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    ::sigaction(number, &action, nullptr);
}

termios edited_mode(termios mode) {
    mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN);
    mode.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IGNCR | IXON);
    mode.c_cc[VMIN] = 1;
    mode.c_cc[VTIME] = 0;
    // Ctrl-C stays a signal. A program that is stopped loses its connection, so Ctrl-Z does nothing.
    mode.c_cc[VSUSP] = _POSIX_VDISABLE;
    return mode;
}

}  // namespace

TerminalMode::TerminalMode(Loop& loop, int descriptor, std::function<void()> on_change)
    : on_change_{std::move(on_change)} {
    if (::tcgetattr(descriptor, &shared.before) != 0 ||
        ::pipe2(shared.wake.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        throw std::system_error{errno, std::generic_category(), "terminal"};
    }
    shared.descriptor = descriptor;
    shared.during = edited_mode(shared.before);
    for (const int number : fatal_signals) handle(number, on_fatal, 0);
    for (const int number : watched_signals) handle(number, on_watched, SA_RESTART);
    static_cast<void>(std::atexit(restore));
    apply();
    changes_ = std::make_unique<ReadWatch>(loop, shared.wake[0], [this] {
        std::array<char, 64> drained{};
        while (::read(shared.wake[0], drained.data(), drained.size()) > 0) {
        }
        apply();
        on_change_();
    });
}

TerminalMode::~TerminalMode() {
    for (const int number : watched_signals) handle(number, SIG_DFL, 0);
    for (const int number : fatal_signals) handle(number, SIG_DFL, 0);
    restore();
    changes_.reset();
    for (int& end : shared.wake) ::close(std::exchange(end, -1));
}

std::size_t TerminalMode::columns() const {
    winsize size{};
    if (::ioctl(shared.descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

}  // namespace chat
