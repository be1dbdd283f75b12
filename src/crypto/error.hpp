#pragma once
/// What a peer's bytes can be refused for by a primitive.

#include <string_view>

#include "base/bytes.hpp"

namespace chat {

enum class CryptoError : u8 {
    bad_tag,                 ///< AEAD: the tag does not match key, nonce, associated data and ciphertext
    ciphertext_too_short,    ///< AEAD: shorter than a tag
    all_zero_shared_secret,  ///< X25519: the peer's point is of small order
    bad_signature,           ///< Ed25519: the signature does not verify, or is not in canonical form
    bad_base32,  ///< a character outside the alphabet, an impossible length or non-zero trailing bits
    bad_mac,     ///< HMAC: the code does not match
    bad_ecdsa_public_key,  ///< ECDSA: no point of P-384 in uncompressed form
    bad_ecdsa_signature,   ///< ECDSA: the signature does not verify
};

/// One line for the user.
[[nodiscard]] std::string_view describe(CryptoError error);

}  // namespace chat
