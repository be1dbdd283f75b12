#pragma once
/// What a finished key exchange hands to the session.

#include <array>
#include <string_view>
#include <variant>

#include "crypto/session_secret.hpp"
#include "hybrid_kex/authentication_string.hpp"
#include "hybrid_kex/ephemeral_signing_pair.hpp"
#include "hybrid_kex/safety_number.hpp"
#include "quantcrypt/mlkem1024.hpp"

namespace chat {

/// What is known about the peer beyond its having the keys that it showed.
enum class PeerAssurance : u8 {
    unverified,        ///< no invite: anybody may be in the middle until the words were compared
    named_by_invite,   ///< A: the peer has the identity that the invite names
    came_with_invite,  ///< B: the peer held the invite; who it is was not shown
};

/// B's first ratchet keys as A knows them.
struct PeerFirstRatchetKeys {
    X25519PublicKey dh;             ///< EK_B
    MlKem1024EncapsulationKey kem;  ///< PQEK_B
};

/// B's first ratchet pairs, which B keeps until its first ratchet step.
struct OwnFirstRatchetKeys {
    x25519::KeyPair dh;    ///< EK_B
    MlKem1024KeyPair kem;  ///< PQEK_B
};

struct Established {
    Role role;
    SessionIdBytes session_id;
    RootKey root_key;
    IdentityPublic peer_identity;
    Fingerprint own_fingerprint;
    Fingerprint peer_fingerprint;
    EphemeralSigningPair own_signing;        ///< EFK, index 0
    falcon1024::PublicKey peer_signing_key;  ///< EFK of the peer, index 0
    /// PeerFirstRatchetKeys at A, OwnFirstRatchetKeys at B.
    std::variant<PeerFirstRatchetKeys, OwnFirstRatchetKeys> first_ratchet_keys;
    AuthenticationString authentication_string;
    SafetyNumber safety_number;
    PeerAssurance assurance;
};

/// What every handshake used and checked, for display; there is nothing to negotiate.
struct KexFact {
    std::string_view name;
    std::string_view value;
};
[[nodiscard]] std::array<KexFact, 5> kex_facts();

}  // namespace chat
