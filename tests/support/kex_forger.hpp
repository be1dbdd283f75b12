#pragma once
/// A dishonest peer of a key exchange: it holds real keys, shows whatever identity it likes and signs whatever it made.

#include "hybrid_kex/peer_checks.hpp"
#include "support/kex_fixtures.hpp"

namespace chat::test {

class Forger {
  public:
    /// Its signing keys are those of `which` and of `rng`; its X25519 and ML-KEM keys come from `rng`, too.
    Forger(StoredPair which, StoredPair efk, Rng& rng)
        : falcon_{stored_pair(which)},
          ed25519_{ed25519::generate(rng)},
          efk_{stored_signing_pair(efk)},
          rng_{rng},
          shown_{falcon_.public_key, ed25519_.public_key, x25519::generate(rng).public_key,
                 mlkem1024::generate(rng).encapsulation_key} {}

    [[nodiscard]] const IdentityPublic& shown() const { return shown_; }
    [[nodiscard]] const falcon1024::PublicKey& efk() const { return efk_.public_key; }
    /// From now on shows this key as its X25519 identity key.
    void show(const X25519PublicKey& key) {
        shown_ = IdentityPublic{shown_.falcon(), shown_.ed25519(), key, shown_.mlkem()};
    }

    /// The identity's signature over any statement, in the name of what it shows.
    [[nodiscard]] CompositeSignature sign(const IdentityStatement& statement) {
        const Bytes message = signed_bytes(statement, shown_);
        return compose(falcon1024::sign_padded(falcon_.secret_key, message, rng_),
                       ed25519::sign(ed25519_.private_key, message));
    }

    /// Puts its identity, EFK and valid signatures into a message whose other fields may be anything.
    void sign(Bundle& bundle, const KexContext& context) {
        bundle.identity = shown_;
        bundle.ephemeral_signing_key = efk_.public_key;
        bundle.signature = sign(BundleStatement{context.bootstrap_transcript, context.tls_exporter,
                                                context.invited_identity.value_or(Fingerprint{}),
                                                bundle.signed_prekey, bundle.signed_kem_prekey,
                                                bundle.ephemeral_signing_key, bundle.sas_commitment});
    }
    void sign(Init& init, const KexContext& context, const BundleHash& bundle) {
        init.identity = shown_;
        init.ephemeral_signing_key = efk_.public_key;
        init.signature = sign(InitStatement{context.bootstrap_transcript, context.tls_exporter, bundle,
                                            init.ephemeral_signing_key, init.ephemeral_key,
                                            init.ephemeral_kem_key, init.ct1, init.ct2, init.sas_nonce_b});
        init.ec_pq_binding = falcon1024::sign_padded(
            efk_.signing_key,
            init_binding_message(efk_.public_key, bundle, init.encode().view().first<Init::binding_offset>()),
            rng_);
    }
    void sign(Resp& resp, const Sha512Digest& bundle_init) {
        resp.ec_pq_binding =
            falcon1024::sign_padded(efk_.signing_key,
                                    resp_binding_message(efk_.public_key, bundle_init,
                                                         resp.encode().view().first<Resp::binding_offset>()),
                                    rng_);
    }

  private:
    StoredFalconPair falcon_;
    ed25519::KeyPair ed25519_;
    EphemeralSigningPair efk_;
    Rng& rng_;
    IdentityPublic shown_;
};

}  // namespace chat::test
