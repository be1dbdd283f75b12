#pragma once
/// Checks of the peer's public keys that need one's own (docs/protocol.md 5.3): reflection, signature and invite.

#include <optional>

#include "hybrid_kex/kex_error.hpp"
#include "hybrid_kex/messages.hpp"

namespace chat {

/// Public keys of one side as far as they exist; empty ones have not been made or not been shown yet.
struct ShownKeys {
    const IdentityPublic& identity;
    const falcon1024::PublicKey& ephemeral_signing_key;
    std::optional<X25519PublicKey> x25519;           ///< SPK_A or EK_B
    std::optional<MlKem1024EncapsulationKey> mlkem;  ///< PQSPK_A or PQEK_B
};

/// The same point: the top bit of an X25519 key is no part of it (RFC 7748, 5).
[[nodiscard]] bool same_x25519_key(const X25519PublicKey& one, const X25519PublicKey& other);

/// No part of one identity is a part of the other. The error names the first that is: reflected_identity_*.
[[nodiscard]] Result<void, KexError> check_no_shared_key(const IdentityPublic& theirs,
                                                         const IdentityPublic& ours);

/// No key of `theirs` is any key of `ours`, in whatever place: reflected_*, named after the peer's place.
[[nodiscard]] Result<void, KexError> check_not_reflected(const ShownKeys& theirs, const ShownKeys& ours);

/// Both halves of the peer's identity signature over `statement`: bad_identity_falcon_signature, bad_identity_ed25519_signature.
[[nodiscard]] Result<void, KexError> check_identity_signature(const IdentityPublic& signer,
                                                              const IdentityStatement& statement,
                                                              const CompositeSignature& signature);

/// What ec_pq_binding_sig is over: the hash of what came before this message, then every field of the message before the signature.
[[nodiscard]] Bytes init_binding_message(const falcon1024::PublicKey& efk_b, const BundleHash& bundle,
                                         std::span<const u8, Init::binding_offset> fields);
[[nodiscard]] Bytes resp_binding_message(const falcon1024::PublicKey& efk_a, const Sha512Digest& bundle_init,
                                         std::span<const u8, Resp::binding_offset> fields);

}  // namespace chat
