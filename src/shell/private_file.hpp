#pragma once
/// Files that hold a secret. One implementation per platform.

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace chat {

enum class FileError : u8 { not_found, not_permitted, is_no_file, too_large, failed };
[[nodiscard]] std::string_view describe(FileError error);

/// Writes `content` to a file that only its owner can read (0600), replacing what was there; never through a symbolic link.
[[nodiscard]] Result<void, FileError> write_private_file(const std::string& path, ByteView content);

/// At most `limit` bytes, into guarded memory.
[[nodiscard]] Result<SecretBuffer, FileError> read_private_file(const std::string& path, std::size_t limit);

}  // namespace chat
