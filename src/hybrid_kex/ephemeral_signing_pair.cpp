#include "hybrid_kex/ephemeral_signing_pair.hpp"

namespace chat {

EphemeralSigningPair make_ephemeral_signing_pair(Rng& rng) {
    return make_ephemeral_signing_pair(rng.secret<falcon1024::Seed>());
}

EphemeralSigningPair make_ephemeral_signing_pair(falcon1024::Seed seed) {
    const falcon1024::KeyPair pair = falcon1024::generate_key_pair(seed);
    return {std::move(seed), falcon1024::ExpandedSigningKey{pair.secret_key}, pair.public_key};
}

}  // namespace chat
