#pragma once
/// Ed25519 (RFC 8032, 5.1; the pure form). The private key is the 32-byte seed; signing is deterministic.
///
/// Verification is strict: refused are S not below the group order, a public key or an R of small order, and a public key that
/// is not the canonical encoding of a point. The equation checked is the one without cofactor, by comparing encodings, so a
/// non-canonical R never verifies. So one message has one valid signature by one signer, up to the signer's own choice.

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/rng.hpp"
#include "base/secret.hpp"
#include "crypto/error.hpp"

namespace chat {

using Ed25519PublicKey = PublicBytes<struct Ed25519PublicKeyTag, 32>;
using Ed25519PrivateKey = Secret<struct Ed25519PrivateKeyTag, 32>;
using Ed25519Signature = PublicBytes<struct Ed25519SignatureTag, 64>;

namespace ed25519 {

struct KeyPair {
    Ed25519PrivateKey private_key;
    Ed25519PublicKey public_key;
};

/// Draws 32 bytes from `rng`. Throws RngFailure.
[[nodiscard]] KeyPair generate(Rng& rng);

[[nodiscard]] Ed25519PublicKey public_key(const Ed25519PrivateKey& private_key);

[[nodiscard]] Ed25519Signature sign(const Ed25519PrivateKey& private_key, ByteView message);

/// CryptoError::bad_signature.
[[nodiscard]] Result<void, CryptoError> verify(const Ed25519PublicKey& public_key, ByteView message,
                                               const Ed25519Signature& signature);

}  // namespace ed25519
}  // namespace chat
