#include "key_process/process_table.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace chat::test {
namespace {

std::string content_of(const std::string& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::string place(pid_t process, const std::string& what) {
    return "/proc/" + std::to_string(process) + "/" + what;
}

}  // namespace

std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> out;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        const pid_t process = std::stoi(name);
        const std::string stat = content_of(place(process, "stat"));  // empty when it ended meanwhile
        const std::size_t after_name = stat.rfind(')');
        if (after_name == std::string::npos) continue;
        std::istringstream fields{stat.substr(after_name + 1)};
        std::string state;
        pid_t its_parent = 0;
        fields >> state >> its_parent;
        if (its_parent == parent) out.push_back(process);
    }
    return out;
}

pid_t child_in_role(pid_t parent, const std::string& role) {
    for (const pid_t child : children_of(parent)) {
        const std::string words = content_of(place(child, "cmdline"));
        if (words.find('\0' + role + '\0') != std::string::npos) return child;
    }
    throw std::runtime_error{"process " + std::to_string(parent) + " has no child in the role " + role};
}

std::string status_of(pid_t process, const std::string& name) {
    std::istringstream lines{content_of(place(process, "status"))};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(name + ":")) return line.substr(line.find_first_not_of(" \t", name.size() + 1));
    }
    return "no " + name;
}

std::vector<std::string> descriptors_of(pid_t process) {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator{place(process, "fd")})
        out.push_back(entry.path().filename().string() + " " + std::filesystem::read_symlink(entry).string());
    return out;
}

ProcessWatch::ProcessWatch(pid_t process)
    : descriptor_{static_cast<int>(::syscall(SYS_pidfd_open, process, 0))} {
    if (descriptor_ < 0) throw std::system_error{errno, std::generic_category(), "pidfd_open"};
}

ProcessWatch::~ProcessWatch() { ::close(descriptor_); }

bool ProcessWatch::ends_within(std::chrono::milliseconds limit) const {
    pollfd watched{descriptor_, POLLIN, 0};
    return ::poll(&watched, 1, static_cast<int>(limit.count())) == 1;
}

}  // namespace chat::test
