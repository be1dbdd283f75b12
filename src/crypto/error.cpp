#include "crypto/error.hpp"

namespace chat {

std::string_view describe(CryptoError error) {
    switch (error) {
        case CryptoError::bad_tag: return "the sealed data was changed or made with another key";
        case CryptoError::ciphertext_too_short: return "the sealed data is shorter than its tag";
        case CryptoError::all_zero_shared_secret: return "the X25519 public key is of small order";
        case CryptoError::bad_signature: return "the Ed25519 signature does not verify";
        case CryptoError::bad_base32: return "the text is not base32";
        case CryptoError::bad_mac: return "the message authentication code does not match";
        case CryptoError::bad_ecdsa_public_key: return "the P-384 public key is not a point of the curve";
        case CryptoError::bad_ecdsa_signature: return "the ECDSA signature does not verify";
    }
    return "unknown";
}

}  // namespace chat
