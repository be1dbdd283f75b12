#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "shell/child_process.hpp"

extern char** environ;  // NOLINT: POSIX names it so

namespace chat {
namespace {

void close_once(int& descriptor) {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
}

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error{errno, std::generic_category(), "pipe"};
    return ends;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

}  // namespace

ChildProcess::ChildProcess(const std::string& program, const std::vector<std::string>& arguments,
                           const Setup& setup) {
    std::array<int, 2> in = make_pipe();
    std::array<int, 2> out = make_pipe();
    std::array<int, 2> error = setup.errors == ErrorOutput::piped ? make_pipe() : std::array<int, 2>{-1, -1};
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv = pointers_to(words);
    std::vector<std::string> variables = setup.environment;  // the first of a name wins
    for (char** each = environ; *each != nullptr; ++each) variables.emplace_back(*each);
    std::vector<char*> envp = pointers_to(variables);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    if (error[1] >= 0) posix_spawn_file_actions_adddup2(&actions, error[1], STDERR_FILENO);
    const int failure =
        ::posix_spawn(&process_, program.c_str(), &actions, nullptr, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    close_once(in[0]);
    close_once(out[1]);
    close_once(error[1]);
    input_ = in[1];
    output_ = out[0];
    errors_ = error[0];
    if (failure != 0) {
        process_ = -1;
        close_once(input_);
        close_once(output_);
        close_once(errors_);
        throw std::system_error{failure, std::generic_category(), program};
    }
}

ChildProcess::~ChildProcess() {
    close_once(input_);
    if (process_ > 0) {
        ::kill(process_, SIGTERM);
        wait();
    }
    close_once(output_);
    close_once(errors_);
}

bool ChildProcess::write_line(std::string_view line) {
    std::string text{line};
    text += '\n';
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t count = ::write(input_, text.data() + done, text.size() - done);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        done += static_cast<std::size_t>(count);
    }
    return true;
}

void ChildProcess::close_input() { close_once(input_); }

void ChildProcess::close_output() { close_once(output_); }

int ChildProcess::wait() {
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace chat
