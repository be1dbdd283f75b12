#include <mach-o/dyld.h>

#include <cstdint>

#include "shell/program_path.hpp"

namespace chat {

std::string path_of_this_program(const char* fallback) {
    std::uint32_t size = 0;
    ::_NSGetExecutablePath(nullptr, &size);
    std::string path(size, '\0');
    if (::_NSGetExecutablePath(path.data(), &size) != 0) return fallback;
    path.resize(path.find('\0'));
    return path;
}

}  // namespace chat
