#include <windows.h>

#include <sddl.h>  // after windows.h, which it builds on

#include <algorithm>

#include "shell/private_file.hpp"

namespace chat {
namespace {

class Handle {
  public:
    explicit Handle(HANDLE handle) : handle_{handle} {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        if (valid()) ::CloseHandle(handle_);
    }
    [[nodiscard]] HANDLE get() const { return handle_; }
    [[nodiscard]] bool valid() const { return handle_ != INVALID_HANDLE_VALUE; }

  private:
    HANDLE handle_;
};

/// For the owner alone, nothing inherited from the folder: what 0600 is elsewhere.
class OwnerOnly {
  public:
    OwnerOnly() {
        ::ConvertStringSecurityDescriptorToSecurityDescriptorA("D:P(A;;FA;;;OW)", SDDL_REVISION_1,
                                                               &descriptor_, nullptr);
    }
    OwnerOnly(const OwnerOnly&) = delete;
    OwnerOnly& operator=(const OwnerOnly&) = delete;
    ~OwnerOnly() { ::LocalFree(descriptor_); }
    [[nodiscard]] PSECURITY_DESCRIPTOR get() const { return descriptor_; }

  private:
    PSECURITY_DESCRIPTOR descriptor_ = nullptr;
};

FileError last_error() {
    switch (::GetLastError()) {
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND: return FileError::not_found;
        case ERROR_ACCESS_DENIED:
        case ERROR_WRITE_PROTECT: return FileError::not_permitted;
        case ERROR_DIRECTORY: return FileError::is_no_file;
        default: return FileError::failed;
    }
}

bool is_plain_file(const Handle& file) {
    BY_HANDLE_FILE_INFORMATION info{};
    return ::GetFileInformationByHandle(file.get(), &info) != 0 &&
           (info.dwFileAttributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) == 0;
}

}  // namespace

Result<void, FileError> write_private_file(const std::string& path, ByteView content) {
    const OwnerOnly owner;
    if (owner.get() == nullptr) return fail(FileError::failed);
    SECURITY_ATTRIBUTES attributes{sizeof attributes, owner.get(), FALSE};
    const Handle file{::CreateFileA(path.c_str(), GENERIC_WRITE | WRITE_DAC | FILE_READ_ATTRIBUTES, 0,
                                    &attributes, OPEN_ALWAYS, FILE_FLAG_OPEN_REPARSE_POINT, nullptr)};
    if (!file.valid()) return fail(last_error());
    if (!is_plain_file(file)) return fail(FileError::is_no_file);
    // A file that was there keeps its access list and content until now.
    if (::SetKernelObjectSecurity(file.get(), DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                                  owner.get()) == 0 ||
        ::SetEndOfFile(file.get()) == 0)
        return fail(last_error());
    while (!content.empty()) {
        DWORD count = 0;
        const auto next = static_cast<DWORD>(std::min<std::size_t>(content.size(), 1U << 20));
        if (::WriteFile(file.get(), content.data(), next, &count, nullptr) == 0 || count == 0)
            return fail(FileError::failed);
        content = content.subspan(count);
    }
    return {};
}

Result<SecretBuffer, FileError> read_private_file(const std::string& path, std::size_t limit) {
    const Handle file{
        ::CreateFileA(path.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING, 0, nullptr)};
    if (!file.valid()) return fail(last_error());
    SecretBuffer out{limit + 1};
    std::size_t filled = 0;
    for (;;) {
        const MutableByteView room = out.expose_mutable().subspan(filled);
        if (room.empty()) return fail(FileError::too_large);
        DWORD count = 0;
        const auto next = static_cast<DWORD>(std::min<std::size_t>(room.size(), 1U << 20));
        // A pipe whose writer is gone is at its end.
        if (::ReadFile(file.get(), room.data(), next, &count, nullptr) == 0 &&
            ::GetLastError() != ERROR_BROKEN_PIPE)
            return fail(last_error());
        if (count == 0) break;
        filled += count;
    }
    return SecretBuffer::copy_of(out.expose().first(filled));
}

}  // namespace chat
