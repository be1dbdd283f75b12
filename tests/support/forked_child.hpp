#pragma once
/// Does something in a child of the test, for what changes or ends a whole process.

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <exception>

namespace chat::test {

/// How the child ended: its exit status, or the signal.
struct ChildEnd {
    int status = -1;
    int signal = 0;
    friend bool operator==(const ChildEnd&, const ChildEnd&) = default;
};

/// `work` gives the exit status; 99 when it throws. No destructors or exit handlers of the test run in the child.
template <class Work>
ChildEnd in_child(Work work) {
    const pid_t child = ::fork();
    if (child == 0) {
        int status = 99;
        try {
            status = work();
        } catch (const std::exception&) {
        }
        ::_exit(status);
    }
    int state = 0;
    while (::waitpid(child, &state, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(state) ? ChildEnd{WEXITSTATUS(state), 0} : ChildEnd{-1, WTERMSIG(state)};
}

}  // namespace chat::test
