#pragma once
/// Argon2id (RFC 9106), version 1.3, one lane, no secret and no associated data: what libsodium offers.

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace chat {

struct Argon2idCost {
    u32 memory_kib = 0;  ///< at least 8
    u32 passes = 0;      ///< at least 1
    bool operator==(const Argon2idCost&) const = default;
};
using Argon2idSalt = PublicBytes<struct Argon2idSaltTag, 16>;

/// 16 to 64 bytes of key from a passphrase. Takes cost.memory_kib of memory, unlocked and released as it is: what passes through
/// it depends on the passphrase, but does not reveal it without the same work. False when the system does not give the memory.
/// A cost below the minimum is a bug and asserts.
[[nodiscard]] bool argon2id(ByteView passphrase, const Argon2idSalt& salt, Argon2idCost cost,
                            MutableByteView out);

}  // namespace chat
