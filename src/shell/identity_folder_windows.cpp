// windows.h first: the others need its types.
#include <windows.h>
// clang-format off
#include <aclapi.h>
#include <sddl.h>
// clang-format on

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "shell/identity_folder.hpp"

namespace chat {
namespace {

constexpr std::string_view suffix = ".vault";

class File {
  public:
    explicit File(HANDLE handle) : handle_{handle} {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (valid()) ::CloseHandle(handle_);
    }
    [[nodiscard]] HANDLE get() const { return handle_; }
    [[nodiscard]] bool valid() const { return handle_ != INVALID_HANDLE_VALUE; }
    [[nodiscard]] HANDLE release() { return std::exchange(handle_, INVALID_HANDLE_VALUE); }

  private:
    HANDLE handle_;
};

struct FreeLocal {
    void operator()(void* memory) const { ::LocalFree(memory); }
};
using Local = std::unique_ptr<void, FreeLocal>;

Failure<FolderProblem> problem(FolderError error, const std::string& path) {
    return fail(FolderProblem{error, path});
}

Failure<FolderProblem> system_problem(DWORD code, const std::string& path) {
    switch (code) {
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND: return problem(FolderError::not_found, path);
        case ERROR_FILE_EXISTS:
        case ERROR_ALREADY_EXISTS: return problem(FolderError::exists, path);
        case ERROR_SHARING_VIOLATION: return problem(FolderError::in_use, path);
        case ERROR_ACCESS_DENIED: return problem(FolderError::not_permitted, path);
        case ERROR_WRITE_PROTECT: return problem(FolderError::read_only, path);
        case ERROR_DISK_FULL:
        case ERROR_HANDLE_DISK_FULL:
        case ERROR_NOT_ENOUGH_QUOTA: return problem(FolderError::disk_full, path);
        default: return problem(FolderError::failed, path);
    }
}

std::wstring wide(const std::string& text) {
    const int size =
        ::MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), nullptr, 0);
    std::wstring out(static_cast<std::size_t>(size), L'\0');
    ::MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), out.data(), size);
    return out;
}

std::string narrow(const std::wstring& text) {
    const int length = static_cast<int>(text.size());
    const int size = ::WideCharToMultiByte(CP_UTF8, 0, text.data(), length, nullptr, 0, nullptr, nullptr);
    std::string out(static_cast<std::size_t>(size), '\0');
    ::WideCharToMultiByte(CP_UTF8, 0, text.data(), length, out.data(), size, nullptr, nullptr);
    return out;
}

/// Full access for the owner and the system, nobody else, nothing inherited.
Local owner_only() {
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    ::ConvertStringSecurityDescriptorToSecurityDescriptorW(L"D:P(A;OICI;FA;;;OW)(A;OICI;FA;;;SY)",
                                                           SDDL_REVISION_1, &descriptor, nullptr);
    return Local{descriptor};
}

bool is_well_known(PSID sid, WELL_KNOWN_SID_TYPE type) { return ::IsWellKnownSid(sid, type) != FALSE; }

bool stands_for_others(PSID sid) {
    return is_well_known(sid, WinWorldSid) || is_well_known(sid, WinAuthenticatedUserSid) ||
           is_well_known(sid, WinBuiltinUsersSid) || is_well_known(sid, WinBuiltinGuestsSid) ||
           is_well_known(sid, WinAnonymousSid) || is_well_known(sid, WinNetworkSid);
}

bool is_own(PSID owner) {
    HANDLE token = nullptr;
    if (::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &token) == FALSE) return false;
    const File closes{token};
    alignas(TOKEN_USER) std::array<u8, 256> room{};
    DWORD size = 0;
    if (::GetTokenInformation(token, TokenUser, room.data(), static_cast<DWORD>(room.size()), &size) ==
        FALSE) {
        return false;
    }
    // What an administrator makes may belong to the group.
    const auto* const user = reinterpret_cast<const TOKEN_USER*>(room.data());  // NOLINT: the interface
    return ::EqualSid(owner, user->User.Sid) != FALSE || is_well_known(owner, WinBuiltinAdministratorsSid);
}

/// Owner and access list; an empty (absent) list lets everybody in.
Result<void, FolderProblem> check_access(HANDLE file, const std::string& path, FolderError loose) {
    PSID owner = nullptr;
    PACL list = nullptr;
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    const DWORD status =
        ::GetSecurityInfo(file, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                          &owner, nullptr, &list, nullptr, &descriptor);
    if (status != ERROR_SUCCESS) return system_problem(status, path);
    const Local frees{descriptor};
    if (!is_own(owner)) return problem(FolderError::foreign_owner, path);
    if (list == nullptr) return problem(loose, path);
    for (DWORD i = 0; i < list->AceCount; ++i) {
        void* entry = nullptr;
        if (::GetAce(list, i, &entry) == FALSE) return problem(FolderError::failed, path);
        auto* const allowed = static_cast<ACCESS_ALLOWED_ACE*>(entry);
        if (allowed->Header.AceType == ACCESS_ALLOWED_ACE_TYPE && stands_for_others(&allowed->SidStart)) {
            return problem(loose, path);
        }
    }
    return {};
}

/// A plain file or folder, not a link to one.
Result<void, FolderProblem> check_kind(HANDLE file, const std::string& path, bool folder) {
    BY_HANDLE_FILE_INFORMATION info{};
    if (::GetFileInformationByHandle(file, &info) == FALSE) return system_problem(::GetLastError(), path);
    const bool is_folder = (info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    const bool is_link = (info.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    if (is_link || is_folder != folder || (!folder && info.nNumberOfLinks > 1)) {
        return problem(FolderError::not_a_file, path);
    }
    return {};
}

HANDLE open_file(const std::string& path, DWORD access, DWORD share, DWORD how, DWORD flags) {
    const Local descriptor = owner_only();
    SECURITY_ATTRIBUTES attributes{sizeof(SECURITY_ATTRIBUTES), descriptor.get(), FALSE};
    return ::CreateFileW(wide(path).c_str(), access, share, &attributes, how,
                         flags | FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
}

/// 0, or the system's error.
DWORD write_all(HANDLE file, ByteView content) {
    while (!content.empty()) {
        DWORD count = 0;
        const auto wanted = static_cast<DWORD>(std::min<std::size_t>(content.size(), 1U << 20U));
        if (::WriteFile(file, content.data(), wanted, &count, nullptr) == FALSE) return ::GetLastError();
        content = content.subspan(count);
    }
    return ::FlushFileBuffers(file) != FALSE ? 0 : ::GetLastError();
}

Result<Bytes, FolderProblem> read_all(HANDLE file, const std::string& path, std::size_t limit) {
    LARGE_INTEGER size{};
    if (::GetFileSizeEx(file, &size) == FALSE) return system_problem(::GetLastError(), path);
    if (static_cast<u64>(size.QuadPart) > limit) return problem(FolderError::too_large, path);
    Bytes out(static_cast<std::size_t>(size.QuadPart));
    std::size_t filled = 0;
    while (filled < out.size()) {
        DWORD count = 0;
        if (::ReadFile(file, &out[filled], static_cast<DWORD>(out.size() - filled), &count, nullptr) ==
            FALSE) {
            return system_problem(::GetLastError(), path);
        }
        if (count == 0) break;
        filled += count;
    }
    out.resize(filled);
    return out;
}

}  // namespace

IdentityLock::~IdentityLock() {
    if (descriptor_ != -1) ::CloseHandle(reinterpret_cast<HANDLE>(descriptor_));  // NOLINT: it was one
}

Result<std::string, FolderProblem> IdentityFolder::place() {
    std::wstring base(32768, L'\0');
    const DWORD size =
        ::GetEnvironmentVariableW(L"LOCALAPPDATA", base.data(), static_cast<DWORD>(base.size()));
    if (size == 0 || size >= base.size()) return problem(FolderError::no_home, {});
    base.resize(size);
    return narrow(base) + "/secure-p2p/identities";
}

Result<IdentityFolder, FolderProblem> IdentityFolder::open_at(const std::string& path) {
    for (const std::string& part : {path.substr(0, path.rfind('/')), path}) {
        const File folder{open_file(part, READ_CONTROL | FILE_READ_ATTRIBUTES,
                                    FILE_SHARE_READ | FILE_SHARE_WRITE, OPEN_EXISTING,
                                    FILE_FLAG_BACKUP_SEMANTICS)};
        if (!folder.valid()) return system_problem(::GetLastError(), part);
        if (auto checked = check_kind(folder.get(), part, true); !checked) return fail(checked.error());
        auto checked = check_access(folder.get(), part, FolderError::loose_folder);
        if (!checked) return fail(checked.error());
    }
    return IdentityFolder{path, -1};
}

Result<IdentityFolder, FolderProblem> IdentityFolder::open() {
    const auto path = place();
    if (!path) return fail(path.error());
    return open_at(*path);
}

Result<IdentityFolder, FolderProblem> IdentityFolder::open_or_make() {
    const auto path = place();
    if (!path) return fail(path.error());
    const Local descriptor = owner_only();
    SECURITY_ATTRIBUTES attributes{sizeof(SECURITY_ATTRIBUTES), descriptor.get(), FALSE};
    for (const std::string& part : {path->substr(0, path->rfind('/')), *path}) {
        if (::CreateDirectoryW(wide(part).c_str(), &attributes) == FALSE &&
            ::GetLastError() != ERROR_ALREADY_EXISTS) {
            return system_problem(::GetLastError(), part);
        }
    }
    return open_at(*path);
}

IdentityFolder::IdentityFolder(IdentityFolder&& other) noexcept
    : path_{std::move(other.path_)}, descriptor_{std::exchange(other.descriptor_, -1)} {}

IdentityFolder::~IdentityFolder() = default;

Result<std::vector<std::string>, FolderProblem> IdentityFolder::list() const {
    std::vector<std::string> out;
    WIN32_FIND_DATAW found{};
    const HANDLE search = ::FindFirstFileW(wide(path_ + "/*.vault").c_str(), &found);
    if (search == INVALID_HANDLE_VALUE) {
        if (::GetLastError() == ERROR_FILE_NOT_FOUND) return out;
        return system_problem(::GetLastError(), path_);
    }
    do {
        std::string name = narrow(found.cFileName);
        if (!name.ends_with(suffix)) continue;
        name.resize(name.size() - suffix.size());
        if (is_identity_name(name)) out.push_back(name);
    } while (::FindNextFileW(search, &found) != FALSE);
    ::FindClose(search);
    std::ranges::sort(out);
    return out;
}

bool IdentityFolder::contains(std::string_view name) const {
    return ::GetFileAttributesW(wide(path_of(name)).c_str()) != INVALID_FILE_ATTRIBUTES;
}

Result<IdentityLock, FolderProblem> IdentityFolder::lock(std::string_view name) const {
    const std::string path = path_ + "/" + std::string{name} + ".lock";
    // Nobody else may open it, and the system deletes it with the last handle.
    File file{
        open_file(path, GENERIC_READ | GENERIC_WRITE | DELETE, 0, OPEN_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE)};
    if (!file.valid()) return system_problem(::GetLastError(), path_of(name));
    return IdentityLock{reinterpret_cast<NativeFile>(file.release())};  // NOLINT: back in the destructor
}

Result<Bytes, FolderProblem> IdentityFolder::read(std::string_view name, std::size_t limit) const {
    const std::string path = path_of(name);
    const File file{open_file(path, GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING, 0)};
    if (!file.valid()) return system_problem(::GetLastError(), path);
    if (auto checked = check_kind(file.get(), path, false); !checked) return fail(checked.error());
    if (auto checked = check_access(file.get(), path, FolderError::loose_file); !checked)
        return fail(checked.error());
    return read_all(file.get(), path, limit);
}

Result<void, FolderProblem> IdentityFolder::write(std::string_view name, ByteView content) const {
    const std::string path = path_of(name);
    const std::string temporary = path + ".new";
    // Left by a process that was killed: the lock says that nobody is writing it.
    ::DeleteFileW(wide(temporary).c_str());
    if (auto written = write_new_private_file(temporary, content); !written) return written;
    if (::MoveFileExW(wide(temporary).c_str(), wide(path).c_str(),
                      MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) != FALSE) {
        return {};
    }
    const DWORD error = ::GetLastError();
    ::DeleteFileW(wide(temporary).c_str());
    return system_problem(error, path);
}

Result<void, FolderProblem> IdentityFolder::erase(std::string_view name) const {
    const std::string path = path_of(name);
    {
        const File file{
            open_file(path, GENERIC_READ | GENERIC_WRITE, 0, OPEN_EXISTING, FILE_FLAG_WRITE_THROUGH)};
        if (!file.valid()) return system_problem(::GetLastError(), path);
        if (auto checked = check_kind(file.get(), path, false); !checked) return checked;
        if (auto checked = check_access(file.get(), path, FolderError::loose_file); !checked) return checked;
        LARGE_INTEGER size{};
        if (::GetFileSizeEx(file.get(), &size) == FALSE) return system_problem(::GetLastError(), path);
        const Bytes zeros(static_cast<std::size_t>(size.QuadPart));
        if (const DWORD error = write_all(file.get(), zeros); error != 0) return system_problem(error, path);
        ::SetFilePointerEx(file.get(), {}, nullptr, FILE_BEGIN);
        const auto seen = read_all(file.get(), path, zeros.size());
        if (!seen || *seen != zeros) return problem(FolderError::not_overwritten, path);
    }
    if (::DeleteFileW(wide(path).c_str()) == FALSE) return system_problem(::GetLastError(), path);
    return {};
}

Result<void, FolderProblem> write_new_private_file(const std::string& path, ByteView content) {
    DWORD error = 0;
    {
        const File file{open_file(path, GENERIC_WRITE, 0, CREATE_NEW, FILE_FLAG_WRITE_THROUGH)};
        if (!file.valid()) return system_problem(::GetLastError(), path);
        error = write_all(file.get(), content);
    }
    if (error == 0) return {};
    ::DeleteFileW(wide(path).c_str());
    return system_problem(error, path);
}

}  // namespace chat
