#include "crypto/x25519.hpp"

#include <sodium.h>

#include "crypto/sodium.hpp"

namespace chat::x25519 {

KeyPair generate(Rng& rng) {
    KeyPair pair{rng.secret<X25519PrivateKey>(), {}};
    pair.public_key = public_key(pair.private_key);
    return pair;
}

X25519PublicKey public_key(const X25519PrivateKey& private_key) {
    ensure_sodium();
    X25519PublicKey out;
    crypto_scalarmult_base(out.bytes.data(), private_key.expose().data());
    return out;
}

Result<X25519SharedSecret, CryptoError> agree(const X25519PrivateKey& ours, const X25519PublicKey& theirs) {
    ensure_sodium();
    X25519SharedSecret secret;
    // libsodium compares the result with zero in constant time (and knows the small-order points beforehand).
    if (crypto_scalarmult(secret.expose_mutable().data(), ours.expose().data(), theirs.bytes.data()) != 0) {
        return fail(CryptoError::all_zero_shared_secret);
    }
    return secret;
}

}  // namespace chat::x25519
