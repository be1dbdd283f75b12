#include "memory/stop_at_exit.hpp"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <stdexcept>

#include "cli/program.hpp"

namespace chat::test {

StopAtExit::StopAtExit(int process) : process_{process} {
    if (::ptrace(PTRACE_SEIZE, process, nullptr, PTRACE_O_TRACEEXIT) != 0)
        throw std::runtime_error{"no right to stop the program at its end"};
}

void StopAtExit::wait(const std::function<void()>& at_end) {
    // A child's change is a SIGCHLD, which is waited for with a deadline.
    const auto until = std::chrono::steady_clock::now() + patience;
    sigset_t child_signal;
    ::sigemptyset(&child_signal);
    ::sigaddset(&child_signal, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &child_signal, nullptr);
    while (std::chrono::steady_clock::now() < until) {
        int status = 0;
        const int changed = ::waitpid(process_, &status, WNOHANG | __WALL);
        if (changed == 0) {
            constexpr timespec at_most{1, 0};
            ::sigtimedwait(&child_signal, nullptr, &at_most);
            continue;
        }
        if (changed < 0 || !WIFSTOPPED(status)) throw std::runtime_error{"it ended without a stop"};
        if (status >> 8 == (SIGTRAP | (PTRACE_EVENT_EXIT << 8))) {
            at_end();
            ::ptrace(PTRACE_DETACH, process_, nullptr, nullptr);
            return;
        }
        const bool event = status >> 16 != 0;
        ::ptrace(PTRACE_CONT, process_, nullptr, static_cast<std::uintptr_t>(event ? 0 : WSTOPSIG(status)));
    }
    throw std::runtime_error{"it did not come to its end in time"};
}

std::vector<int> family_of(int process) {
    std::vector<int> out{process};
    for (std::size_t i = 0; i < out.size(); ++i) {
        const std::string id = std::to_string(out[i]);
        std::ifstream children{"/proc/" + id + "/task/" + id + "/children"};
        for (int child = 0; children >> child;) out.push_back(child);
    }
    return out;
}

}  // namespace chat::test
