#pragma once
/// Two cell ciphers that share a session, as the key exchange would have left them. The same seed gives the same pair.

#include "secure_p2p/cell_cipher.hpp"
#include "support/seeded_rng.hpp"
#include "support/session_secrets.hpp"

namespace chat::test {

/// `loader` outlives what is made of the inputs.
inline CellCipher::Inputs cell_cipher_inputs(const SessionSecrets& secrets, Role role,
                                             const CellVerifierLoader& loader,
                                             const RatchetLimits& limits = {},
                                             SealObserver* observer = nullptr) {
    return {secrets.session_id,
            secrets.root_key,
            secrets.bootstrap_secret,
            secrets.bootstrap_transcript,
            secrets.signer_of(role),
            secrets.verifier_of(other(role)),
            loader,
            limits,
            observer};
}

struct CellCipherPair {
    SeededRng rng;
    SessionSecrets secrets;
    MacCellVerifierLoader loader;
    CellCipher a;
    CellCipher b;

    explicit CellCipherPair(u64 seed, const RatchetLimits& limits = {}, SealObserver* observer = nullptr)
        : rng{seed},
          secrets{rng},
          a{CellCipher::start_a(cell_cipher_inputs(secrets, Role::a, loader, limits, observer),
                                secrets.first_keys_of_b.public_keys())},
          b{CellCipher::start_b(cell_cipher_inputs(secrets, Role::b, loader, limits, observer),
                                secrets.clone_first_keys())} {}
    CellCipherPair(const CellCipherPair&) = delete;
    CellCipherPair& operator=(const CellCipherPair&) = delete;

    [[nodiscard]] CellCipher& of(Role role) { return role == Role::a ? a : b; }
};

}  // namespace chat::test
