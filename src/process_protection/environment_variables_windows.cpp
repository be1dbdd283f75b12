#include <windows.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "process_protection/environment_variables.hpp"

namespace chat {

void set_variable(const std::string& name, const std::string& value) {
    ::_putenv_s(name.c_str(), value.c_str());  // an empty value takes it out; the system's copy follows
}

/// The system keeps its own block, which it rewrites; a copy of the value of the same length goes over it first.
void forget_variable(const std::string& name) {
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr) return;
    set_variable(name, std::string(std::string_view{value}.size(), '0'));
    set_variable(name, "");
}

void scrub_environment() {
    char* const block = ::GetEnvironmentStringsA();
    if (block == nullptr) return;
    std::vector<std::string> found;
    for (const char* each = block; *each != '\0';) {
        const std::string_view entry{each};
        const std::string_view name = entry.substr(0, entry.find('='));
        if (is_scrubbed(name)) found.emplace_back(name);
        each += entry.size() + 1;
    }
    ::FreeEnvironmentStringsA(block);
    for (const std::string& name : found) forget_variable(name);
}

}  // namespace chat
