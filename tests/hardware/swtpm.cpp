#include "hardware/swtpm.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace chat::test {
namespace {

bool accepts(const std::string& path) {
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        throw std::runtime_error{"path too long for a socket: " + path};
    std::memcpy(address.sun_path, path.data(), path.size());
    const bool out = ::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(descriptor);
    return out;
}

}  // namespace

Swtpm::Swtpm() { start(); }

Swtpm::~Swtpm() {
    if (pid_ > 0) ::kill(pid_, SIGCONT);
}

void Swtpm::start() {
    const std::string socket = folder_.file("tpm");
    ::unlink(socket.c_str());
    ::unlink((socket + ".ctrl").c_str());
    ::unlink(folder_.file("pid").c_str());
    process_.emplace("swtpm", "/usr/bin/swtpm",
                     std::vector<std::string>{
                         "socket", "--tpm2", "--tpmstate", "dir=" + folder_.path(), "--server",
                         "type=unixio,path=" + socket, "--ctrl", "type=unixio,path=" + socket + ".ctrl",
                         "--flags", "not-need-init,startup-clear", "--pid", "file=" + folder_.file("pid")});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    const auto is_up = [&] {
        std::ifstream{folder_.file("pid")} >> pid_;
        return pid_ > 1 && accepts(socket + ".ctrl");
    };
    while (!is_up()) {
        // Its output ends when it does; until then this waits a little for some.
        if (!process_->read_some(std::chrono::steady_clock::now() + std::chrono::milliseconds{20})) {
            throw std::runtime_error{"swtpm ended: " + process_->output()};
        }
        if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error{"swtpm does not come up"};
    }
}

void Swtpm::restart() {
    kill();
    start();
}

void Swtpm::kill() {
    ::kill(pid_, SIGKILL);
    pid_ = -1;
    (void)process_->wait_exit(std::chrono::steady_clock::now() + std::chrono::seconds{20});
    process_.reset();
}

void Swtpm::freeze() const { ::kill(pid_, SIGSTOP); }

void Swtpm::thaw() const { ::kill(pid_, SIGCONT); }

}  // namespace chat::test
