#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "shell/terminal/passphrase_input.hpp"
#include "shell/terminal/prompt.hpp"

extern char** environ;

namespace chat {
namespace {

using Answer = Result<SecretBuffer, PassphraseError>;

/// One line, without its end.
Answer take_line(int descriptor) {
    if (::fcntl(descriptor, F_GETFD) < 0 || (::fcntl(descriptor, F_GETFL) & O_ACCMODE) == O_WRONLY) {
        return fail(PassphraseError::not_readable);
    }
    SecretBuffer room{max_typed_passphrase + 1};
    const LineRead line = read_line(descriptor, room.expose_mutable());
    if (line.bytes == 0) return fail(PassphraseError::ended);
    const bool whole = room.expose()[line.bytes - 1] == '\n';
    if (!whole && line.bytes > max_typed_passphrase) return fail(PassphraseError::too_long);
    return SecretBuffer::copy_of(room.expose().first(line.bytes - (whole ? 1 : 0)));
}

constexpr std::array ending_signals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};
volatile std::sig_atomic_t caught = 0;  // NOLINT: a handler reaches nothing else
void on_signal(int number) { caught = number; }

/// The echo is off while this lives; signals that end or stop the program are kept until it is on again.
class SilentTerminal {
  public:
    explicit SilentTerminal(int terminal) : terminal_{terminal} {
        caught = 0;
        sigset_t ending;
        ::sigemptyset(&ending);
        for (const int number : ending_signals) ::sigaddset(&ending, number);
        ::sigprocmask(SIG_BLOCK, &ending, &mask_);
        for (std::size_t i = 0; i < ending_signals.size(); ++i) {
            struct sigaction action {};
            action.sa_handler = on_signal;
            ::sigaction(ending_signals[i], &action, &handlers_[i]);
        }
        ::tcgetattr(terminal_, &before_);
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
        ::tcsetattr(terminal_, TCSAFLUSH, &silent);
    }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;
    ~SilentTerminal() {
        ::tcsetattr(terminal_, TCSAFLUSH, &before_);
        for (std::size_t i = 0; i < ending_signals.size(); ++i) {
            ::sigaction(ending_signals[i], &handlers_[i], nullptr);
        }
        ::sigprocmask(SIG_SETMASK, &mask_, nullptr);
        if (::write(terminal_, "\n", 1) < 0) return;  // a terminal that is gone needs nothing
    }

    /// False when a signal came. Signals get in only here, so that none is lost between a look and a read.
    [[nodiscard]] bool wait() const {
        pollfd watched{terminal_, POLLIN, 0};
        return caught == 0 && ::ppoll(&watched, 1, nullptr, &mask_) > 0;
    }

  private:
    int terminal_;
    termios before_{};
    sigset_t mask_{};
    std::array<struct sigaction, ending_signals.size()> handlers_{};
};

/// As read_line(), but a signal ends it.
Answer type_line(int terminal, std::string_view prompt) {
    const SilentTerminal silent{terminal};
    if (::write(terminal, prompt.data(), prompt.size()) < 0) return fail(PassphraseError::no_terminal);
    SecretBuffer room{max_typed_passphrase + 1};
    std::size_t filled = 0;
    for (;;) {
        if (filled == room.size()) return fail(PassphraseError::too_long);
        if (!silent.wait() || ::read(terminal, &room.expose_mutable()[filled], 1) <= 0)
            return fail(PassphraseError::ended);
        if (room.expose()[filled] == '\n') break;
        ++filled;
    }
    return SecretBuffer::copy_of(room.expose().first(filled));
}

Answer ask_at_terminal(std::string_view prompt) {
    const int terminal = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0) return fail(PassphraseError::no_terminal);
    Answer out = fail(PassphraseError::ended);
    for (;;) {
        out = type_line(terminal, prompt);
        if (caught == 0) break;
        const int number = caught;
        ::raise(number);  // with the handler of before: Ctrl-C ends the program here
        if (number != SIGTSTP && number != SIGTTIN && number != SIGTTOU) break;
    }
    ::close(terminal);
    return out;
}

Answer ask_program(const std::string& program, std::string_view prompt) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(PassphraseError::askpass_failed);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string name = program;
    std::string text{prompt};
    std::array<char*, 3> arguments = {name.data(), text.data(), nullptr};
    pid_t child = 0;
    const bool started =
        ::posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments.data(), environ) == 0;
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    Answer line = started ? take_line(ends[0]) : fail(PassphraseError::askpass_failed);
    ::close(ends[0]);
    if (!started) return line;
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return fail(PassphraseError::askpass_failed);
    return line;
}

}  // namespace

Result<SecretBuffer, PassphraseError> ask_passphrase(const PassphraseSource& source,
                                                     std::string_view prompt) {
    if (source.descriptor) return take_line(*source.descriptor);
    if (!source.askpass.empty()) return ask_program(source.askpass, prompt);
    return ask_at_terminal(prompt);
}

}  // namespace chat
