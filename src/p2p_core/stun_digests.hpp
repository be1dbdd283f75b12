#pragma once
/// The checksum and the hash that STUN fixes (RFC 8489 14.5 and 14.7). Nothing else in this program uses
/// them, and none of its security rests on them.

#include <array>
#include <initializer_list>

#include "base/bytes.hpp"

namespace chat::stun {

/// CRC-32 of ITU V.42.
[[nodiscard]] u32 crc32(ByteView data);

using Sha1Digest = std::array<u8, 20>;
/// FIPS 180-4, 6.1, over the parts joined.
[[nodiscard]] Sha1Digest sha1(std::initializer_list<ByteView> parts);
/// RFC 2104 with SHA-1.
[[nodiscard]] Sha1Digest hmac_sha1(ByteView key, std::initializer_list<ByteView> parts);

}  // namespace chat::stun
