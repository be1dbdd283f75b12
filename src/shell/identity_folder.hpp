#pragma once
/// Where the vaults of kept identities lie: $XDG_DATA_HOME/secure-p2p/identities/NAME.vault (~/.local/share, %LOCALAPPDATA%), the
/// folder for its owner only (0700), the files too (0600). What is looser than that, somebody else's, or a symbolic link is
/// refused, never repaired or replaced. One implementation per platform.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace chat {

enum class FolderError : u8 {
    no_home,          ///< neither XDG_DATA_HOME nor HOME says where
    not_found,        ///< no such identity
    exists,           ///< the name is taken
    in_use,           ///< another process uses this identity
    loose_folder,     ///< others may read or change the folder
    loose_file,       ///< others may read or change the file
    foreign_owner,    ///< it belongs to another user
    not_a_file,       ///< a symbolic link, a folder, a device
    too_large,        ///< larger than any vault
    not_permitted,    ///< the system refuses
    read_only,        ///< a file system without writing
    disk_full,        ///< no room, or no more than a quota or limit allows
    failed,           ///< reading or writing failed
    not_overwritten,  ///< what was read back after erasing is not what was written
};
struct FolderProblem {
    FolderError error{};
    std::string path;
};
/// One line for the user, with the path and, where there is one, the command that helps.
[[nodiscard]] std::string describe(const FolderProblem& problem);

/// [a-z0-9_-]{1,32}.
[[nodiscard]] bool is_identity_name(std::string_view name);

/// A descriptor or HANDLE; -1 (INVALID_HANDLE_VALUE) is none.
using NativeFile = std::intptr_t;

/// The right to use one identity, for as long as it lives. Gone with the process, however that ends.
class IdentityLock {
  public:
    explicit IdentityLock(NativeFile descriptor) : descriptor_{descriptor} {}
    IdentityLock(const IdentityLock&) = delete;
    IdentityLock& operator=(const IdentityLock&) = delete;
    IdentityLock(IdentityLock&& other) noexcept : descriptor_{other.descriptor_} { other.descriptor_ = -1; }
    IdentityLock& operator=(IdentityLock&&) = delete;
    ~IdentityLock();

  private:
    NativeFile descriptor_;
};

/// Names are valid identity names. Every call that changes something needs the identity's lock.
class IdentityFolder {
  public:
    /// Where it is, whether it exists or not. no_home.
    [[nodiscard]] static Result<std::string, FolderProblem> place();
    /// Makes the folder when it is missing.
    [[nodiscard]] static Result<IdentityFolder, FolderProblem> open_or_make();
    /// not_found when it is missing.
    [[nodiscard]] static Result<IdentityFolder, FolderProblem> open();

    IdentityFolder(const IdentityFolder&) = delete;
    IdentityFolder& operator=(const IdentityFolder&) = delete;
    IdentityFolder(IdentityFolder&& other) noexcept;
    IdentityFolder& operator=(IdentityFolder&&) = delete;
    ~IdentityFolder();

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string path_of(std::string_view name) const;

    /// Sorted.
    [[nodiscard]] Result<std::vector<std::string>, FolderProblem> list() const;
    [[nodiscard]] bool contains(std::string_view name) const;
    /// in_use.
    [[nodiscard]] Result<IdentityLock, FolderProblem> lock(std::string_view name) const;
    /// At most `limit` bytes.
    [[nodiscard]] Result<Bytes, FolderProblem> read(std::string_view name, std::size_t limit) const;
    /// All or nothing, also when the power goes: a new file is written beside, synced and renamed.
    [[nodiscard]] Result<void, FolderProblem> write(std::string_view name, ByteView content) const;
    /// Overwrites with zeros, syncs, reads back, and unlinks. What a file system or disk keeps of the old blocks is out of
    /// reach (docs/storage.md, "Deletion").
    [[nodiscard]] Result<void, FolderProblem> erase(std::string_view name) const;

  private:
    IdentityFolder(std::string path, NativeFile descriptor)
        : path_{std::move(path)}, descriptor_{descriptor} {}
    [[nodiscard]] static Result<IdentityFolder, FolderProblem> open_at(const std::string& path);

    std::string path_;
    NativeFile descriptor_ = -1;  ///< POSIX only: Windows has no calls relative to a folder
};

/// Writes a file that must not exist yet, for its owner only, whole or not at all. exists, and the errors of writing.
[[nodiscard]] Result<void, FolderProblem> write_new_private_file(const std::string& path, ByteView content);

}  // namespace chat
