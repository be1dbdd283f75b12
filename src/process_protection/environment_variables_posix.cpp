#include "process_protection/environment_variables.hpp"

#include <cstdlib>
#include <cstring>
#include <vector>

#include "base/guarded_memory.hpp"

extern char** environ;  // NOLINT: POSIX names it so

namespace chat {

void forget_variable(const std::string& name) {
    char* const value = std::getenv(name.c_str());
    if (value == nullptr) return;
    // unsetenv only forgets the pointer: the text would stay in memory and in /proc/PID/environ.
    guarded_memory::wipe({reinterpret_cast<u8*>(value), std::strlen(value)});  // NOLINT: bytes of the text
    ::unsetenv(name.c_str());
}

void set_variable(const std::string& name, const std::string& value) {
    if (value.empty()) {
        ::unsetenv(name.c_str());
    } else {
        ::setenv(name.c_str(), value.c_str(), 1);
    }
}

void scrub_environment() {
    std::vector<std::string> found;
    for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
        const std::string_view entry{*each};
        const std::string_view name = entry.substr(0, entry.find('='));
        if (is_scrubbed(name)) found.emplace_back(name);
    }
    for (const std::string& name : found) forget_variable(name);
}

}  // namespace chat
