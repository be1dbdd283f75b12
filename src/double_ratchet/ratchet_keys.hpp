#pragma once
/// A ratchet key pair is an X25519 pair and an ML-KEM-1024 pair (docs/protocol.md 6).

#include "crypto/x25519.hpp"
#include "quantcrypt/mlkem1024.hpp"

namespace chat {

struct RatchetPublicKeys {
    X25519PublicKey dh;
    MlKem1024EncapsulationKey kem;
    bool operator==(const RatchetPublicKeys&) const = default;
};

struct RatchetPair {
    x25519::KeyPair dh;
    MlKem1024KeyPair kem;

    [[nodiscard]] RatchetPublicKeys public_keys() const { return {dh.public_key, kem.encapsulation_key}; }
};

/// Draws 32 and 64 bytes from `rng`. Throws RngFailure.
[[nodiscard]] RatchetPair generate_ratchet_pair(Rng& rng);

}  // namespace chat
