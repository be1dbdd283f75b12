#include "crypto/ed25519.hpp"

#include <sodium.h>

#include "crypto/sodium.hpp"

namespace chat::ed25519 {
namespace {

/// libsodium's form: seed | public key.
using ExpandedKey = Secret<struct Ed25519ExpandedKeyTag, crypto_sign_SECRETKEYBYTES>;

ExpandedKey expand(const Ed25519PrivateKey& private_key, Ed25519PublicKey& public_key) {
    ensure_sodium();
    ExpandedKey expanded;
    crypto_sign_seed_keypair(public_key.bytes.data(), expanded.expose_mutable().data(),
                             private_key.expose().data());
    return expanded;
}

}  // namespace

KeyPair generate(Rng& rng) {
    KeyPair pair{rng.secret<Ed25519PrivateKey>(), {}};
    pair.public_key = public_key(pair.private_key);
    return pair;
}

Ed25519PublicKey public_key(const Ed25519PrivateKey& private_key) {
    Ed25519PublicKey out;
    (void)expand(private_key, out);
    return out;
}

Ed25519Signature sign(const Ed25519PrivateKey& private_key, ByteView message) {
    Ed25519PublicKey public_key;
    // The public half is derived anew: signing under a wrong one would give the private scalar away.
    const ExpandedKey expanded = expand(private_key, public_key);
    Ed25519Signature out;
    crypto_sign_detached(out.bytes.data(), nullptr, message.data(), message.size(), expanded.expose().data());
    return out;
}

Result<void, CryptoError> verify(const Ed25519PublicKey& public_key, ByteView message,
                                 const Ed25519Signature& signature) {
    ensure_sodium();
    if (crypto_sign_verify_detached(signature.bytes.data(), message.data(), message.size(),
                                    public_key.bytes.data()) != 0) {
        return fail(CryptoError::bad_signature);
    }
    return {};
}

}  // namespace chat::ed25519
