#pragma once
/// X25519 (RFC 7748, 5). Any 32 bytes are a private key (clamped on use) and any 32 bytes a public key (the top bit is ignored,
/// values of p and above are reduced, as the RFC demands); only an all-zero result is refused (RFC 7748, 6.1).

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/rng.hpp"
#include "base/secret.hpp"
#include "crypto/error.hpp"

namespace chat {

inline constexpr std::size_t x25519_size = 32;

using X25519PublicKey = PublicBytes<struct X25519PublicKeyTag, x25519_size>;
using X25519PrivateKey = Secret<struct X25519PrivateKeyTag, x25519_size>;
using X25519SharedSecret = Secret<struct X25519SharedSecretTag, x25519_size>;

namespace x25519 {

struct KeyPair {
    X25519PrivateKey private_key;
    X25519PublicKey public_key;
};

/// Draws 32 bytes from `rng`. Throws RngFailure.
[[nodiscard]] KeyPair generate(Rng& rng);

[[nodiscard]] X25519PublicKey public_key(const X25519PrivateKey& private_key);

/// CryptoError::all_zero_shared_secret when the peer's point is of small order; checked in constant time.
[[nodiscard]] Result<X25519SharedSecret, CryptoError> agree(const X25519PrivateKey& ours,
                                                            const X25519PublicKey& theirs);

}  // namespace x25519
}  // namespace chat
