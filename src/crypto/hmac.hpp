#pragma once
/// HMAC (RFC 2104, FIPS 198-1) with SHA-256 and SHA-512.

#include <initializer_list>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/error.hpp"

namespace chat {

inline constexpr std::size_t hmac_sha256_size = 32;
inline constexpr std::size_t hmac_sha512_size = 64;

/// Writes HMAC(key, parts joined) to `out`, which may be secret memory: `hmac_sha256(ck.expose(), {label}, mk.expose_mutable())`.
/// A key of any length. `out` may overlap the key or a part. No copy of key or result stays behind.
void hmac_sha256(ByteView key, std::initializer_list<ByteView> parts, std::span<u8, hmac_sha256_size> out);
void hmac_sha512(ByteView key, std::initializer_list<ByteView> parts, std::span<u8, hmac_sha512_size> out);

/// Compares in constant time; CryptoError::bad_mac.
[[nodiscard]] Result<void, CryptoError> verify_hmac_sha256(ByteView key,
                                                           std::initializer_list<ByteView> parts,
                                                           std::span<const u8, hmac_sha256_size> mac);

}  // namespace chat
