#include "hybrid_kex/software_identity_keys.hpp"

namespace chat {

GeneratedIdentity generate_identity(Rng& rng) {
    falcon1024::KeyPair falcon = falcon1024::generate_key_pair(rng);
    ed25519::KeyPair ed25519 = ed25519::generate(rng);
    x25519::KeyPair x25519 = x25519::generate(rng);
    MlKem1024KeyPair mlkem = mlkem1024::generate(rng);
    return {{std::move(falcon.secret_key), std::move(ed25519.private_key), std::move(x25519.private_key),
             std::move(mlkem.seed)},
            falcon.public_key};
}

std::unique_ptr<SoftwareIdentityKeys> SoftwareIdentityKeys::generate(Rng& rng) {
    GeneratedIdentity made = generate_identity(rng);
    return std::make_unique<SoftwareIdentityKeys>(std::move(made.secrets), made.falcon_public, rng);
}

SoftwareIdentityKeys::SoftwareIdentityKeys(IdentitySecrets secrets,
                                           const falcon1024::PublicKey& falcon_public, Rng& rng)
    : secrets_{std::move(secrets)},
      signing_key_{secrets_.falcon},
      public_{falcon_public, ed25519::public_key(secrets_.ed25519), x25519::public_key(secrets_.x25519),
              mlkem1024::encapsulation_key(secrets_.mlkem)},
      rng_{rng} {}

Result<CompositeSignature, KeyError> SoftwareIdentityKeys::sign(const IdentityStatement& statement) {
    const Bytes message = signed_bytes(statement, public_);
    return compose(falcon1024::sign_padded(signing_key_, message, rng_),
                   ed25519::sign(secrets_.ed25519, message));
}

Result<X25519SharedSecret, KeyError> SoftwareIdentityKeys::agree(const X25519PublicKey& peer) {
    auto shared = x25519::agree(secrets_.x25519, peer);
    if (!shared) return fail(KeyError::all_zero_shared_secret);
    return std::move(*shared);
}

Result<MlKem1024SharedSecret, KeyError> SoftwareIdentityKeys::decapsulate(
    const MlKem1024Ciphertext& ciphertext) {
    return mlkem1024::decapsulate(secrets_.mlkem, ciphertext);
}

}  // namespace chat
