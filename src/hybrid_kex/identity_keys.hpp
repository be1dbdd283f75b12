#pragma once
/// The port behind which an identity's private keys live: in this process (software_identity_keys.hpp), in a process of their
/// own, or in hardware. Nothing else of the key exchange ever sees them.

#include <string_view>

#include "hybrid_kex/identity_statement.hpp"

namespace chat {

enum class KeyError : u8 {
    unavailable,             ///< the holder of the keys does not answer, or its device failed
    refused,                 ///< the holder does not accept the statement
    all_zero_shared_secret,  ///< agree: the peer's point is of small order
    no_room,                 ///< the holder has as many identities as it holds at once
};
/// One line for the user.
[[nodiscard]] std::string_view describe(KeyError error);

/// Calls may take as long as the holder takes; none changes the identity. A holder may throw RngFailure from sign.
class IdentityKeys {
  public:
    IdentityKeys() = default;
    IdentityKeys(const IdentityKeys&) = delete;
    IdentityKeys& operator=(const IdentityKeys&) = delete;
    virtual ~IdentityKeys() = default;

    [[nodiscard]] virtual const IdentityPublic& public_identity() const = 0;
    /// Composite signature over signed_bytes(statement, public_identity()). unavailable or refused.
    [[nodiscard]] virtual Result<CompositeSignature, KeyError> sign(const IdentityStatement& statement) = 0;
    /// X25519 with the identity's static key. unavailable or all_zero_shared_secret.
    [[nodiscard]] virtual Result<X25519SharedSecret, KeyError> agree(const X25519PublicKey& peer) = 0;
    /// ML-KEM-1024 with the identity's static key; implicit rejection as in FIPS 203. unavailable.
    [[nodiscard]] virtual Result<MlKem1024SharedSecret, KeyError> decapsulate(
        const MlKem1024Ciphertext& ciphertext) = 0;
};

}  // namespace chat
