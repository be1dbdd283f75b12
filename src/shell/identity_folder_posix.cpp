#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include "shell/descriptor_posix.hpp"
#include "shell/identity_folder.hpp"

namespace chat {
namespace {

constexpr std::string_view suffix = ".vault";
constexpr mode_t others = S_IRWXG | S_IRWXO;

int number(NativeFile file) { return static_cast<int>(file); }

Failure<FolderProblem> problem(FolderError error, const std::string& path) {
    return fail(FolderProblem{error, path});
}

Failure<FolderProblem> system_problem(int code, const std::string& path) {
    switch (code) {
        case ENOENT:
        case ENOTDIR: return problem(FolderError::not_found, path);
        case EEXIST: return problem(FolderError::exists, path);
        case ELOOP: return problem(FolderError::not_a_file, path);
        case EACCES:
        case EPERM: return problem(FolderError::not_permitted, path);
        case EROFS: return problem(FolderError::read_only, path);
        case ENOSPC:
        case EDQUOT:
        case EFBIG: return problem(FolderError::disk_full, path);
        default: return problem(FolderError::failed, path);
    }
}

Result<void, FolderProblem> check_folder(const Descriptor& folder, const std::string& path) {
    struct stat info {};
    if (::fstat(folder.get(), &info) != 0) return system_problem(errno, path);
    if (info.st_uid != ::geteuid()) return problem(FolderError::foreign_owner, path);
    if ((info.st_mode & others) != 0) return problem(FolderError::loose_folder, path);
    return {};
}

Result<struct stat, FolderProblem> check_file(const Descriptor& file, const std::string& path) {
    struct stat info {};
    if (::fstat(file.get(), &info) != 0) return system_problem(errno, path);
    if (!S_ISREG(info.st_mode) || info.st_nlink > 1) return problem(FolderError::not_a_file, path);
    if (info.st_uid != ::geteuid()) return problem(FolderError::foreign_owner, path);
    if ((info.st_mode & others) != 0) return problem(FolderError::loose_file, path);
    return info;
}

/// 0, or an errno.
int write_all(int file, ByteView content) {
    while (!content.empty()) {
        const ssize_t count = ::write(file, content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return count < 0 ? errno : EIO;
        content = content.subspan(static_cast<std::size_t>(count));
    }
    return ::fsync(file) == 0 ? 0 : errno;
}

/// Makes the folder and those above it that are missing, each for its owner only.
Result<void, FolderProblem> make_folders(const std::string& path) {
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const std::string part = path.substr(0, end);
        if (::mkdir(part.c_str(), 0700) != 0) {
            // One that is there already need not be writable.
            const int error = errno;
            if (struct stat info{}; ::stat(part.c_str(), &info) != 0) return system_problem(error, part);
        }
        if (end == std::string::npos) return {};
    }
}

std::string lock_name(std::string_view name) { return std::string{name} + ".lock"; }
std::string vault_name(std::string_view name) { return std::string{name} + std::string{suffix}; }

bool is_still_there(int folder, const std::string& name, int file) {
    struct stat by_name {};
    struct stat by_number {};
    return ::fstatat(folder, name.c_str(), &by_name, AT_SYMLINK_NOFOLLOW) == 0 &&
           ::fstat(file, &by_number) == 0 && by_name.st_ino == by_number.st_ino &&
           by_name.st_dev == by_number.st_dev;
}

/// 0, EIO when something else than zeros is there, or an errno.
int expect_zeros(int file, std::size_t size) {
    // Asks the disk rather than the page cache, as far as the file system follows the advice.
    static_cast<void>(::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED));
    Bytes seen(size, 1);
    std::size_t filled = 0;
    while (filled < size) {
        const ssize_t count = ::pread(file, &seen[filled], size - filled, static_cast<off_t>(filled));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return EIO;
        filled += static_cast<std::size_t>(count);
    }
    return std::ranges::all_of(seen, [](u8 byte) { return byte == 0; }) ? 0 : EIO;
}

}  // namespace

IdentityLock::~IdentityLock() {
    if (descriptor_ >= 0) ::close(number(descriptor_));
}

Result<std::string, FolderProblem> IdentityFolder::place() {
    const auto absolute = [](const char* path) { return path != nullptr && *path == '/'; };
    const char* const data = std::getenv("XDG_DATA_HOME");
    if (absolute(data)) return std::string{data} + "/secure-p2p/identities";
    const char* const home = std::getenv("HOME");
    if (!absolute(home)) return problem(FolderError::no_home, {});
    return std::string{home} + "/.local/share/secure-p2p/identities";
}

Result<IdentityFolder, FolderProblem> IdentityFolder::open_at(const std::string& path) {
    // The folder of the program above it is ours, too: whoever may rename in it could put another in place.
    const std::string parent = path.substr(0, path.rfind('/'));
    for (const std::string& part : {parent, path}) {
        Descriptor folder{::open(part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
        if (!folder.valid()) {
            struct stat info {};
            const bool link = ::lstat(part.c_str(), &info) == 0 && S_ISLNK(info.st_mode);
            return link ? problem(FolderError::not_a_file, part) : system_problem(errno, part);
        }
        if (auto checked = check_folder(folder, part); !checked) return fail(checked.error());
        if (part == path) return IdentityFolder{path, folder.release()};
    }
    return problem(FolderError::failed, path);
}

Result<IdentityFolder, FolderProblem> IdentityFolder::open() {
    const auto path = place();
    if (!path) return fail(path.error());
    return open_at(*path);
}

Result<IdentityFolder, FolderProblem> IdentityFolder::open_or_make() {
    const auto path = place();
    if (!path) return fail(path.error());
    if (auto made = make_folders(*path); !made) return fail(made.error());
    return open_at(*path);
}

IdentityFolder::IdentityFolder(IdentityFolder&& other) noexcept
    : path_{std::move(other.path_)}, descriptor_{std::exchange(other.descriptor_, -1)} {}

IdentityFolder::~IdentityFolder() {
    if (descriptor_ >= 0) ::close(number(descriptor_));
}

Result<std::vector<std::string>, FolderProblem> IdentityFolder::list() const {
    const std::unique_ptr<DIR, int (*)(DIR*)> folder{::opendir(path_.c_str()), ::closedir};
    if (!folder) return system_problem(errno, path_);
    std::vector<std::string> out;
    while (const dirent* entry = ::readdir(folder.get())) {
        std::string_view name{entry->d_name};
        if (!name.ends_with(suffix)) continue;
        name.remove_suffix(suffix.size());
        if (is_identity_name(name)) out.emplace_back(name);
    }
    std::ranges::sort(out);
    return out;
}

bool IdentityFolder::contains(std::string_view name) const {
    struct stat info {};
    return ::fstatat(number(descriptor_), vault_name(name).c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0;
}

Result<IdentityLock, FolderProblem> IdentityFolder::lock(std::string_view name) const {
    const std::string file_name = lock_name(name);
    // Whoever deletes an identity deletes its lock as well: then the lock that was taken is no one's.
    for (int attempt = 0; attempt < 8; ++attempt) {
        Descriptor file{::openat(number(descriptor_), file_name.c_str(),
                                 O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
        if (!file.valid()) return system_problem(errno, path_ + "/" + file_name);
        if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return problem(FolderError::in_use, path_of(name));
        if (is_still_there(number(descriptor_), file_name, file.get())) return IdentityLock{file.release()};
    }
    return problem(FolderError::in_use, path_of(name));
}

Result<Bytes, FolderProblem> IdentityFolder::read(std::string_view name, std::size_t limit) const {
    const std::string path = path_of(name);
    const Descriptor file{::openat(number(descriptor_), vault_name(name).c_str(),
                                   O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (!file.valid()) return system_problem(errno, path);
    const auto info = check_file(file, path);
    if (!info) return fail(info.error());
    if (static_cast<u64>(info->st_size) > limit) return problem(FolderError::too_large, path);
    Bytes out(static_cast<std::size_t>(info->st_size));
    std::size_t filled = 0;
    while (filled < out.size()) {
        const ssize_t count = ::read(file.get(), &out[filled], out.size() - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_problem(errno, path);
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    out.resize(filled);
    return out;
}

Result<void, FolderProblem> IdentityFolder::write(std::string_view name, ByteView content) const {
    const std::string path = path_of(name);
    const std::string temporary = "." + vault_name(name) + ".new";
    // Left by a process that was killed: the lock says that nobody is writing it.
    ::unlinkat(number(descriptor_), temporary.c_str(), 0);
    const Descriptor file{::openat(number(descriptor_), temporary.c_str(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!file.valid()) return system_problem(errno, path);
    int error = ::fchmod(file.get(), 0600) == 0 ? write_all(file.get(), content) : errno;
    if (error == 0 && ::renameat(number(descriptor_), temporary.c_str(), number(descriptor_),
                                 vault_name(name).c_str()) != 0) {
        error = errno;
    }
    if (error != 0) {
        ::unlinkat(number(descriptor_), temporary.c_str(), 0);
        return system_problem(error, path);
    }
    if (::fsync(number(descriptor_)) != 0) return system_problem(errno, path);
    return {};
}

Result<void, FolderProblem> IdentityFolder::erase(std::string_view name) const {
    const std::string path = path_of(name);
    const Descriptor file{::openat(number(descriptor_), vault_name(name).c_str(),
                                   O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (!file.valid()) return system_problem(errno, path);
    const auto info = check_file(file, path);
    if (!info) return fail(info.error());
    const auto size = static_cast<std::size_t>(info->st_size);
    if (const int error = write_all(file.get(), Bytes(size)); error != 0) return system_problem(error, path);
    if (expect_zeros(file.get(), size) != 0) return problem(FolderError::not_overwritten, path);
    if (::unlinkat(number(descriptor_), vault_name(name).c_str(), 0) != 0) return system_problem(errno, path);
    ::unlinkat(number(descriptor_), lock_name(name).c_str(), 0);
    if (::fsync(number(descriptor_)) != 0) return system_problem(errno, path);
    return {};
}

Result<void, FolderProblem> write_new_private_file(const std::string& path, ByteView content) {
    const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!file.valid()) return system_problem(errno, path);
    const int error = ::fchmod(file.get(), 0600) == 0 ? write_all(file.get(), content) : errno;
    if (error == 0) return {};
    ::unlink(path.c_str());
    return system_problem(error, path);
}

}  // namespace chat
