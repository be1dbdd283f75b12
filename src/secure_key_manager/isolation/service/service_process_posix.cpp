#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

#include "secure_key_manager/isolation/service/end_with_parent.hpp"
#include "secure_key_manager/isolation/service/service_process.hpp"

namespace chat {
namespace {

using Clock = std::chrono::steady_clock;

/// What a terminal or an init system sends to all processes of a group.
constexpr std::array group_signals{SIGINT, SIGHUP, SIGTERM, SIGQUIT};

constexpr const char* debugger_variable = "SECURE_P2P_ALLOW_DEBUGGER";
/// Every helper keeps its secrets where this process does (app/protection.cpp).
constexpr const char* hibernation_variable = "SECURE_P2P_ALLOW_HIBERNATION";

struct SocketPair {
    SocketPair() {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0)
            throw std::system_error{errno, std::generic_category(), "socketpair"};
        here = ends[0];
        there = ends[1];
        for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
    }
    SocketPair(const SocketPair&) = delete;
    SocketPair& operator=(const SocketPair&) = delete;
    ~SocketPair() {
        if (here >= 0) ::close(here);
        ::close(there);
    }
    int here = -1;
    int there = -1;
};

/// Attributes and file actions of posix_spawn; the group's signals stay blocked until become_service() ignores them.
class SpawnPlan {
  public:
    explicit SpawnPlan(int socket) {
        posix_spawn_file_actions_init(&actions_);
        // The socket first: where standard streams were closed, it may have one of their numbers.
        posix_spawn_file_actions_adddup2(&actions_, socket, service_socket);
        posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawnattr_init(&attributes_);
        sigset_t blocked;
        sigemptyset(&blocked);
        for (const int number : group_signals) sigaddset(&blocked, number);
        posix_spawnattr_setsigmask(&attributes_, &blocked);
        sigset_t defaults;
        sigfillset(&defaults);
        posix_spawnattr_setsigdefault(&attributes_, &defaults);
        short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
#if defined(__APPLE__)
        posix_spawn_file_actions_addinherit_np(&actions_, STDERR_FILENO);
        flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#else
        posix_spawn_file_actions_addclosefrom_np(&actions_, service_socket + 1);
#endif
        posix_spawnattr_setflags(&attributes_, flags);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
    ~SpawnPlan() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }

    [[nodiscard]] int run(const ServiceProcess::Setup& setup, pid_t& process) const {
        std::string program = setup.program;
        std::string role = setup.role;
        const std::array<char*, 3> argv{program.data(), role.data(), nullptr};
        std::vector<std::string> variables;
        for (const std::string& name : setup.keep_environment) {
            if (const char* value = std::getenv(name.c_str())) variables.push_back(name + "=" + value);
        }
        if (const char* value = std::getenv(hibernation_variable)) {
            variables.push_back(std::string{hibernation_variable} + "=" + value);
        }
        if (setup.allow_debugger) variables.push_back(std::string{debugger_variable} + "=1");
        std::vector<char*> envp;
        envp.reserve(variables.size() + 1);
        for (std::string& each : variables) envp.push_back(each.data());
        envp.push_back(nullptr);
        return ::posix_spawn(&process, program.c_str(), &actions_, &attributes_, argv.data(), envp.data());
    }

  private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

ProcessEnd as_end(int status) {
    if (WIFEXITED(status)) return {ProcessEnd::How::exited, WEXITSTATUS(status)};
    if (WIFSIGNALED(status)) return {ProcessEnd::How::signalled, WTERMSIG(status)};
    return {};
}

}  // namespace

std::string describe(const ProcessEnd& end) {
    if (end.how == ProcessEnd::How::unknown) return "ended in a way that the system does not tell";
    if (end.how == ProcessEnd::How::exited) return "ended with status " + std::to_string(end.code);
    if (end.code == SIGSYS)
        return "ended by its sandbox (signal SYS): it tried what a process of its kind may not do";
    return "killed by signal " + std::to_string(end.code) + " (" + ::strsignal(end.code) + ")";
}

ServiceProcess::ServiceProcess(const Setup& setup) : ServiceProcess{start(setup)} {}

ServiceProcess::ServiceProcess(const Started& started)
    : process_{started.process}, channel_{started.socket} {}

ServiceProcess::Started ServiceProcess::start(const Setup& setup) {
    SocketPair sockets;
    pid_t process = -1;
    const int failure = SpawnPlan{sockets.there}.run(setup, process);
    if (failure != 0)
        throw std::system_error{failure, std::generic_category(), setup.program + " " + setup.role};
    return {process, std::exchange(sockets.here, -1)};
}

ServiceProcess::~ServiceProcess() {
    channel_.close();
    finish(grace);
}

ProcessEnd ServiceProcess::finish(std::chrono::milliseconds limit) {
    const Clock::time_point deadline = Clock::now() + limit;
    while (process_ > 0) {
        int status = 0;
        pid_t ended = ::waitpid(process_, &status, WNOHANG);
        if (ended == 0 && Clock::now() < deadline) {
            constexpr int nap = 2;  // ms; no portable call waits for a process with a limit
            static_cast<void>(::poll(nullptr, 0, nap));
            continue;
        }
        if (ended == 0) {
            // Never wait for what can't be ended: it sees the end of its channel, and dies with this process.
            if (::kill(process_, SIGKILL) != 0) break;
            ended = ::waitpid(process_, &status, 0);
        }
        if (ended < 0 && errno == EINTR) continue;
        if (ended > 0) end_ = as_end(status);
        process_ = -1;
    }
    process_ = -1;
    return end_;
}

bool become_service() {
    int type = 0;
    socklen_t size = sizeof type;
    if (::getsockopt(service_socket, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM)
        return false;
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : group_signals) {
        ::signal(number, SIG_IGN);
        sigaddset(&signals, number);
    }
    ::signal(SIGPIPE, SIG_IGN);
    ::sigprocmask(SIG_UNBLOCK, &signals, nullptr);
    if (!end_with_parent()) return false;
    // A parent that ended before the kernel was asked.
    u8 byte = 0;
    return ::recv(service_socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
}

}  // namespace chat
