#include <windows.h>

#include <array>

#include "shell/program_path.hpp"

namespace chat {

std::string path_of_this_program(const char* fallback) {
    std::array<char, 32768> room{};  // the longest path there is
    const DWORD length = ::GetModuleFileNameA(nullptr, room.data(), static_cast<DWORD>(room.size()));
    return length == 0 || length == room.size() ? std::string{fallback} : std::string{room.data(), length};
}

}  // namespace chat
