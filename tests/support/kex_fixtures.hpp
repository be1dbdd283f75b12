#pragma once
/// Two people about to agree on keys, replayable from a seed. FALCON pairs are stored ones (vectors/kex/falcon_pairs.vec), so that no
/// test waits for key generation.

#include <memory>

#include "hybrid_kex/key_exchange.hpp"
#include "hybrid_kex/software_identity_keys.hpp"
#include "support/seeded_rng.hpp"
#include "support/vec_reader.hpp"

namespace chat::test {

/// Places in falcon_pairs.vec.
enum class StoredPair : std::size_t {
    identity_a,
    identity_b,
    efk_a,
    efk_b,
    stranger,
    stranger_efk,
    next_a,
    next_b
};

struct StoredFalconPair {
    falcon1024::Seed seed;
    falcon1024::SecretKey secret_key;
    falcon1024::PublicKey public_key;
};

inline StoredFalconPair stored_pair(StoredPair which) {
    static const std::vector<VecBlock> blocks = read_vec_file(TEST_VECTORS "/kex/falcon_pairs.vec");
    const VecBlock& block = blocks.at(static_cast<std::size_t>(which));
    auto secret_key = falcon1024::SecretKey::decode(block.bytes("secret_key"));
    if (!secret_key) throw std::runtime_error{"stored FALCON key does not decode"};
    return {block.get<falcon1024::Seed>("seed"), std::move(*secret_key),
            block.get<falcon1024::PublicKey>("public_key")};
}

inline EphemeralSigningPair stored_signing_pair(StoredPair which) {
    StoredFalconPair pair = stored_pair(which);
    return {std::move(pair.seed), falcon1024::ExpandedSigningKey{pair.secret_key}, pair.public_key};
}

/// Curve and lattice keys are drawn from `rng`, as are the nonces of later signatures.
inline std::unique_ptr<SoftwareIdentityKeys> stored_identity(StoredPair which, Rng& rng) {
    StoredFalconPair falcon = stored_pair(which);
    ed25519::KeyPair ed25519 = ed25519::generate(rng);
    x25519::KeyPair x25519 = x25519::generate(rng);
    MlKem1024KeyPair mlkem = mlkem1024::generate(rng);
    return std::make_unique<SoftwareIdentityKeys>(
        IdentitySecrets{std::move(falcon.secret_key), std::move(ed25519.private_key),
                        std::move(x25519.private_key), std::move(mlkem.seed)},
        falcon.public_key, rng);
}

/// A and B before their handshake, with the same channel and no invite.
struct TwoPeople {
    explicit TwoPeople(u64 seed) : rng{seed} {
        context.bootstrap_transcript = rng.bytes<BootstrapTranscript>();
        context.tls_exporter = rng.bytes<TlsExporter>();
        identity_a = stored_identity(StoredPair::identity_a, rng);
        identity_b = stored_identity(StoredPair::identity_b, rng);
    }

    SeededRng rng;
    KexContext context;
    std::unique_ptr<IdentityKeys> identity_a;
    std::unique_ptr<IdentityKeys> identity_b;

    void use_invite() { context.invited_identity = fingerprint(identity_b->public_identity()); }

    [[nodiscard]] Result<StartedA, KexError> start_a() {
        return start_as_a(context, *identity_a, stored_signing_pair(StoredPair::efk_a), rng);
    }
    [[nodiscard]] Result<StartedB, KexError> start_b(ByteView bundle) {
        return accept_bundle(context, *identity_b, stored_signing_pair(StoredPair::efk_b), bundle, rng);
    }
};

/// Passes on to other keys, but call number `failing_call` (the first is 1) of all kinds together gets `error`.
class FailingIdentityKeys final : public IdentityKeys {
  public:
    FailingIdentityKeys(IdentityKeys& keys, std::size_t failing_call, KeyError error = KeyError::unavailable)
        : keys_{keys}, failing_call_{failing_call}, error_{error} {}

    [[nodiscard]] const IdentityPublic& public_identity() const override { return keys_.public_identity(); }
    [[nodiscard]] Result<CompositeSignature, KeyError> sign(const IdentityStatement& statement) override {
        if (fails()) return fail(error_);
        return keys_.sign(statement);
    }
    [[nodiscard]] Result<X25519SharedSecret, KeyError> agree(const X25519PublicKey& peer) override {
        if (fails()) return fail(error_);
        return keys_.agree(peer);
    }
    [[nodiscard]] Result<MlKem1024SharedSecret, KeyError> decapsulate(
        const MlKem1024Ciphertext& ciphertext) override {
        if (fails()) return fail(error_);
        return keys_.decapsulate(ciphertext);
    }

    /// Calls of any kind so far.
    [[nodiscard]] std::size_t calls() const { return calls_; }

  private:
    bool fails() { return ++calls_ == failing_call_; }

    IdentityKeys& keys_;
    std::size_t failing_call_;
    KeyError error_;
    std::size_t calls_ = 0;
};

}  // namespace chat::test
