#include "shell/identity_folder.hpp"

namespace chat {

std::string describe(const FolderProblem& problem) {
    const std::string& path = problem.path;
    switch (problem.error) {
        case FolderError::no_home:
            return "no place for identities: neither HOME nor XDG_DATA_HOME is set to an absolute path";
        case FolderError::not_found: return "there is nothing at " + path;
        case FolderError::exists: return path + " exists already";
        case FolderError::in_use: return "another process uses this identity: " + path;
        case FolderError::loose_folder:
            return "other users can reach " + path + "; to close it: chmod 700 " + path;
        case FolderError::loose_file:
            return "other users can reach " + path + "; to close it: chmod 600 " + path;
        case FolderError::foreign_owner: return path + " belongs to another user";
        case FolderError::not_a_file:
            return path + " is not what it should be (a symbolic link, for example)";
        case FolderError::too_large: return path + " is larger than any vault";
        case FolderError::not_permitted: return "permission denied: " + path;
        case FolderError::read_only: return "the file system is read-only: " + path;
        case FolderError::disk_full: return "no room left to write " + path + "; nothing was changed";
        case FolderError::failed: return "cannot read or write " + path;
        case FolderError::not_overwritten:
            return path + " was not overwritten: something else was read back; it is still there";
    }
    return path;
}

bool is_identity_name(std::string_view name) {
    return !name.empty() && name.size() <= 32 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

std::string IdentityFolder::path_of(std::string_view name) const {
    return path_ + "/" + std::string{name} + ".vault";
}

}  // namespace chat
