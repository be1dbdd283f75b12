#include <filesystem>

#include "shell/program_path.hpp"

namespace chat {

std::string path_of_this_program(const char* fallback) {
    std::error_code error;
    const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::string{fallback} : path.string();
}

}  // namespace chat
