#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "shell/descriptor_posix.hpp"
#include "shell/private_file.hpp"

namespace chat {
namespace {

FileError error_of(int code) {
    switch (code) {
        case ENOENT:
        case ENOTDIR: return FileError::not_found;
        case EACCES:
        case EPERM:
        case EROFS: return FileError::not_permitted;
        case EISDIR:
        case ELOOP: return FileError::is_no_file;
        default: return FileError::failed;
    }
}

}  // namespace

Result<void, FileError> write_private_file(const std::string& path, ByteView content) {
    const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!file.valid()) return fail(error_of(errno));
    struct stat info {};
    if (::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return fail(FileError::is_no_file);
    if (::fchmod(file.get(), 0600) != 0 || ::ftruncate(file.get(), 0) != 0) return fail(error_of(errno));
    while (!content.empty()) {
        const ssize_t count = ::write(file.get(), content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return fail(FileError::failed);
        content = content.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<SecretBuffer, FileError> read_private_file(const std::string& path, std::size_t limit) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file.valid()) return fail(error_of(errno));
    SecretBuffer out{limit + 1};
    std::size_t filled = 0;
    for (;;) {
        const MutableByteView room = out.expose_mutable().subspan(filled);
        if (room.empty()) return fail(FileError::too_large);
        const ssize_t count = ::read(file.get(), room.data(), room.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(error_of(errno));
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    return SecretBuffer::copy_of(out.expose().first(filled));
}

}  // namespace chat
