#pragma once
/// An identity whose private keys are in this process, in Secret memory.

#include <memory>

#include "base/rng.hpp"
#include "hybrid_kex/identity_keys.hpp"

namespace chat {

struct IdentitySecrets {
    falcon1024::SecretKey falcon;
    Ed25519PrivateKey ed25519;
    X25519PrivateKey x25519;
    MlKem1024Seed mlkem;
};

struct GeneratedIdentity {
    IdentitySecrets secrets;
    falcon1024::PublicKey falcon_public;
};
/// Takes as long as FALCON key generation takes. Throws RngFailure.
[[nodiscard]] GeneratedIdentity generate_identity(Rng& rng);

class SoftwareIdentityKeys final : public IdentityKeys {
  public:
    /// A fresh identity; takes as long as FALCON key generation takes. Throws RngFailure.
    [[nodiscard]] static std::unique_ptr<SoftwareIdentityKeys> generate(Rng& rng);

    /// `rng` is for FALCON's signature nonces and must outlive the object. `falcon_public` must belong to `secrets.falcon`.
    SoftwareIdentityKeys(IdentitySecrets secrets, const falcon1024::PublicKey& falcon_public, Rng& rng);

    [[nodiscard]] const IdentityPublic& public_identity() const override { return public_; }
    [[nodiscard]] Result<CompositeSignature, KeyError> sign(const IdentityStatement& statement) override;
    [[nodiscard]] Result<X25519SharedSecret, KeyError> agree(const X25519PublicKey& peer) override;
    [[nodiscard]] Result<MlKem1024SharedSecret, KeyError> decapsulate(
        const MlKem1024Ciphertext& ciphertext) override;

  private:
    IdentitySecrets secrets_;
    falcon1024::ExpandedSigningKey signing_key_;
    IdentityPublic public_;
    Rng& rng_;
};

}  // namespace chat
