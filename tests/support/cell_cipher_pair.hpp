#pragma once
/// Two cell ciphers that share a session, as the key exchange would have left them. The same seed gives the same pair.

#include "mac_cell_signer.hpp"
#include "secure_p2p/cell_cipher.hpp"
#include "seeded_rng.hpp"

namespace chat::test {

/// What both sides of a session know when the cells begin.
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

    /// A second copy of B's first keys.
    [[nodiscard]] RatchetPair clone_first_keys() const {
        const RatchetPair& keys = first_keys_of_b;
        return {{keys.dh.private_key.clone(), keys.dh.public_key},
                {keys.kem.seed.clone(), keys.kem.encapsulation_key}};
    }
};

/// `loader` outlives what is made of the inputs.
inline CellCipher::Inputs cell_cipher_inputs(const SessionSecrets& secrets, Role role,
                                             const CellVerifierLoader& loader,
                                             const RatchetLimits& limits = {},
                                             SealObserver* observer = nullptr) {
    const auto& own = role == Role::a ? secrets.efk_a : secrets.efk_b;
    const auto& peer = role == Role::a ? secrets.efk_b : secrets.efk_a;
    return {secrets.session_id,
            secrets.root_key,
            secrets.bootstrap_secret,
            secrets.bootstrap_transcript,
            std::make_unique<MacCellSigner>(own),
            std::make_unique<MacCellVerifier>(peer),
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
