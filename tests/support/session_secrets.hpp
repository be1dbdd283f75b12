#pragma once
/// What both sides of a session know when the cells begin, as the key exchange would have left it. The same Rng gives the same session.

#include "crypto/session_secret.hpp"
#include "double_ratchet/ratchet.hpp"
#include "support/mac_cell_signer.hpp"

namespace chat::test {

struct SessionSecrets {
    SessionIdBytes session_id;
    RootKey root_key;
    BootstrapSecret bootstrap_secret;
    BootstrapTranscript bootstrap_transcript;
    falcon1024::PublicKey efk_a;
    falcon1024::PublicKey efk_b;
    RatchetPair first_keys_of_b;

    explicit SessionSecrets(Rng& rng)
        : session_id{rng.bytes<SessionIdBytes>()},
          root_key{rng.secret<RootKey>()},
          bootstrap_secret{rng.secret<BootstrapSecret>()},
          bootstrap_transcript{rng.bytes<BootstrapTranscript>()},
          efk_a{mac_public_key(rng)},
          efk_b{mac_public_key(rng)},
          first_keys_of_b{generate_ratchet_pair(rng)} {}

    [[nodiscard]] RatchetPair clone_first_keys() const {
        const RatchetPair& keys = first_keys_of_b;
        return {{keys.dh.private_key.clone(), keys.dh.public_key},
                {keys.kem.seed.clone(), keys.kem.encapsulation_key}};
    }
    [[nodiscard]] std::unique_ptr<CellSigner> signer_of(Role role) const {
        return std::make_unique<MacCellSigner>(role == Role::a ? efk_a : efk_b);
    }
    [[nodiscard]] std::unique_ptr<CellVerifier> verifier_of(Role role) const {
        return std::make_unique<MacCellVerifier>(role == Role::a ? efk_a : efk_b);
    }

    /// `loader` outlives what is made of the inputs.
    [[nodiscard]] Ratchet::Inputs ratchet_inputs(Role role, const CellVerifierLoader& loader,
                                                 const RatchetLimits& limits = {}) const {
        return {session_id, root_key, signer_of(role), verifier_of(other(role)), loader, limits, nullptr};
    }
};

}  // namespace chat::test
