#pragma once
/// Rotating an identity inside a session (docs/protocol.md 1, "Rotation"). The new identity signs that it follows the old one here, under the
/// EFK which signs the cells that carry the message; that EFK was endorsed by the old identity. So the old identity key signs nothing.

#include "hybrid_kex/identity_keys.hpp"

namespace chat {

inline constexpr std::size_t rotation_size = identity_public_size + composite_signature_size;
static_assert(rotation_size == 4769);

using RotationBytes = PublicBytes<struct RotationTag, rotation_size>;

enum class RotationError : u8 {
    wrong_length,           ///< not 4769 bytes
    bad_falcon_key,         ///< the new identity's FALCON-1024 key is not in its one encoding
    bad_mlkem_key,          ///< its ML-KEM-1024 key fails the modulus check
    same_identity,          ///< one of the new keys is one of the old identity's
    own_identity,           ///< one of the new keys is one's own
    bad_falcon_signature,   ///< the FALCON-1024 half does not verify over this session, old identity and EFK
    bad_ed25519_signature,  ///< the Ed25519 half does not
};
/// One line for the user.
[[nodiscard]] std::string_view describe(RotationError error);

/// identity_public 3425 | composite signature 1344.
struct RotationMessage {
    IdentityPublic new_identity;
    CompositeSignature signature;

    [[nodiscard]] RotationBytes encode() const;
    /// wrong_length, bad_falcon_key or bad_mlkem_key.
    [[nodiscard]] static Result<RotationMessage, RotationError> decode(ByteView bytes);
};

/// The message by which `new_keys` follow the identity of `statement.old_fingerprint`.
[[nodiscard]] Result<RotationMessage, KeyError> make_rotation(IdentityKeys& new_keys,
                                                              const RotationStatement& statement);

/// What the receiver of a rotation knows itself.
struct RotationContext {
    Role sender;
    SessionIdBytes session_id;
    IdentityPublic old_identity;  ///< the sender's identity until now
    IdentityPublic own_identity;  ///< the receiver's
    u32 efk_index;                ///< of the EFK that signed all cells of the message
    falcon1024::PublicKey efk;
};

/// same_identity, own_identity, bad_falcon_signature or bad_ed25519_signature.
[[nodiscard]] Result<void, RotationError> verify_rotation(const RotationMessage& message,
                                                          const RotationContext& context);

}  // namespace chat
