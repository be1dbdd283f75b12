#include "shell/private_file.hpp"

namespace chat {

std::string_view describe(FileError error) {
    switch (error) {
        case FileError::not_found: return "no such file or folder";
        case FileError::not_permitted: return "permission denied";
        case FileError::is_no_file: return "not a file (a folder or a symbolic link)";
        case FileError::too_large: return "too large";
        case FileError::failed: return "cannot be read or written";
    }
    return "";
}

}  // namespace chat
