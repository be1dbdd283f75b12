#pragma once
/// A FALCON-1024 pair for one session (EFK in docs/protocol.md). Generation takes long, so pairs are made ahead, in the background,
/// and handed in; a pair serves one handshake and is never used again.

#include "quantcrypt/falcon1024/falcon1024.hpp"

namespace chat {

struct EphemeralSigningPair {
    falcon1024::Seed seed;                       ///< short form of the secret key; what --deniable reveals
    falcon1024::ExpandedSigningKey signing_key;  ///< the secret key, ready to sign
    falcon1024::PublicKey public_key;
};

/// Draws 48 bytes from `rng` and makes the pair of this seed. Throws RngFailure.
[[nodiscard]] EphemeralSigningPair make_ephemeral_signing_pair(Rng& rng);
/// The pair that belongs to `seed`.
[[nodiscard]] EphemeralSigningPair make_ephemeral_signing_pair(falcon1024::Seed seed);

}  // namespace chat
