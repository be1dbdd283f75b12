#include "crypto/hmac.hpp"

#include <array>

#include "base/secret.hpp"
#include "crypto/hmac_state.hpp"

namespace chat {

void hmac_sha256(ByteView key, std::initializer_list<ByteView> parts, std::span<u8, hmac_sha256_size> out) {
    hmac<HmacSha256Parameters>(key, parts, out);
}

void hmac_sha512(ByteView key, std::initializer_list<ByteView> parts, std::span<u8, hmac_sha512_size> out) {
    hmac<HmacSha512Parameters>(key, parts, out);
}

Result<void, CryptoError> verify_hmac_sha256(ByteView key, std::initializer_list<ByteView> parts,
                                             std::span<const u8, hmac_sha256_size> mac) {
    std::array<u8, hmac_sha256_size> expected{};
    const WipeOnExit wipe{expected};  // the right code for a forged message must not stay behind
    hmac_sha256(key, parts, expected);
    if (!guarded_memory::equal_constant_time(expected, mac)) return fail(CryptoError::bad_mac);
    return {};
}

}  // namespace chat
