#include "process_protection/machine_linux.hpp"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "process_protection/hardening.hpp"
#include "process_protection/landlock_linux.hpp"

namespace chat {

KernelAnswers ask_kernel() {
    KernelAnswers out;
    out.locked_memory = lockable_memory();
    if (const long memory = ::syscall(SYS_memfd_secret, O_CLOEXEC); memory >= 0) {
        out.memfd_secret = true;
        ::close(static_cast<int>(memory));
    }
    const std::uint32_t action = SECCOMP_RET_KILL_PROCESS;
    out.seccomp = ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
    out.landlock = landlock::abi();
    char byte = 0;
    out.random_ready = ::getrandom(&byte, 1, GRND_NONBLOCK) == 1;
    timex clock{};
    if (const int state = ::adjtimex(&clock); state >= 0) out.clock_synchronised = state != TIME_ERROR;
    return out;
}

std::optional<std::string> Machine::read(const std::string& path) const {
    constexpr std::size_t limit = 65536;
    std::ifstream file{root_ + path, std::ios::binary};
    if (!file) return std::nullopt;
    std::string text(limit, '\0');
    file.read(text.data(), static_cast<std::streamsize>(limit));
    if (file.bad()) return std::nullopt;
    text.resize(static_cast<std::size_t>(file.gcount()));
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    return text;
}

bool Machine::exists(const std::string& path) const {
    std::error_code error;
    return std::filesystem::exists(root_ + path, error);
}

bool Machine::readable_and_writable(const std::string& path) const {
    return ::access((root_ + path).c_str(), R_OK | W_OK) == 0;
}

std::vector<std::string> Machine::list(const std::string& folder) const {
    std::vector<std::string> out;
    std::error_code error;
    for (std::filesystem::directory_iterator each{root_ + folder, error}, end; !error && each != end;
         each.increment(error))
        out.push_back(each->path().filename().string());
    std::ranges::sort(out);
    return out;
}

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> out;
    std::istringstream in{std::string{text}};
    for (std::string part; std::getline(in, part, at);) out.push_back(part);
    return out;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out;
    std::istringstream in{std::string{text}};
    for (std::string word; in >> word;) out.push_back(word);
    return out;
}

std::vector<Facility> survey_facilities(const Machine& machine) {
    std::vector<Facility> out;
    survey_kernel(machine, out);
    survey_storage(machine, out);
    survey_hardware(machine, out);
    return out;
}

std::vector<Facility> survey_facilities() {
    const char* const home = std::getenv("HOME");
    return survey_facilities(Machine{"", home == nullptr ? "" : home, ask_kernel()});
}

}  // namespace chat
