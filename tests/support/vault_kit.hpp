#pragma once
/// Vaults for tests: files whose checksum is right whatever was changed in them.

#include "crypto/hash.hpp"
#include "secure_key_manager/vault.hpp"

namespace chat::test {

/// Replaces the last 32 bytes by the hash of what is before them.
inline void mend_hash(Bytes& file) {
    const auto hash = sha256(ByteView{file}.first(file.size() - Sha256Digest::size));
    std::copy(hash.bytes.begin(), hash.bytes.end(),
              file.end() - static_cast<std::ptrdiff_t>(hash.bytes.size()));
}

}  // namespace chat::test
