#include <mach-o/dyld.h>

#include <array>
#include <cstdint>

#include "secure_key_manager/backends/this_program.hpp"

namespace chat {

std::string this_program() {
    std::array<char, 4096> path{};
    auto size = static_cast<std::uint32_t>(path.size());
    return _NSGetExecutablePath(path.data(), &size) == 0 ? std::string{path.data()} : std::string{};
}

}  // namespace chat
