#pragma once
/// ECDSA over P-384 with SHA-384 (FIPS 186-5, 6), verification only: the private keys live in devices (platform_hsm_interface).
///
/// (r, s) and (r, n - s) both verify, as everywhere with ECDSA: a signature is no identifier of a message, and nothing here takes
/// it for one.

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/error.hpp"

namespace chat {

/// SEC 1, 2.3.3, uncompressed: 0x04 | x 48 | y 48.
using EcdsaP384PublicKey = PublicBytes<struct EcdsaP384PublicKeyTag, 97>;
/// r 48 | s 48, big-endian.
using EcdsaP384Signature = PublicBytes<struct EcdsaP384SignatureTag, 96>;

namespace ecdsa_p384 {

/// A point of the curve (so of the full order, the cofactor being 1), uncompressed. CryptoError::bad_ecdsa_public_key.
[[nodiscard]] Result<void, CryptoError> check_public_key(const EcdsaP384PublicKey& public_key);

/// Refuses r and s outside 1..n-1. bad_ecdsa_public_key or bad_ecdsa_signature.
[[nodiscard]] Result<void, CryptoError> verify(const EcdsaP384PublicKey& public_key, ByteView message,
                                               const EcdsaP384Signature& signature);

}  // namespace ecdsa_p384
}  // namespace chat
