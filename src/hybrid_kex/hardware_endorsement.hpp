#pragma once
/// What the co-signing key of a device ever signs: that its holder took part in this session under this identity. Once a session;
/// the receiver learns that a key in a device, the same one as last time, stands behind the identity. That the key is in a device is
/// the signer's own claim: nothing attests it.

#include <string_view>

#include "base/roles.hpp"
#include "crypto/ecdsa_p384.hpp"

namespace chat {

struct HardwareEndorsement {
    static constexpr std::size_t encoded_size = 1 + SessionIdBytes::size + Fingerprint::size;

    Role role = Role::a;  ///< of whoever endorses
    SessionIdBytes session_id;
    Fingerprint identity;  ///< of whoever endorses

    bool operator==(const HardwareEndorsement&) const = default;
};

enum class EndorsementError : u8 {
    wrong_length,
    bad_role,
    bad_key,        ///< the P-384 key is no uncompressed point of the curve
    bad_signature,  ///< the signature does not verify for this session, identity, side and key
};
/// One line for the user.
[[nodiscard]] std::string_view describe(EndorsementError error);

/// role u8 | session id 32 | fingerprint 32: the form in which it goes to the device process.
[[nodiscard]] Bytes encode(const HardwareEndorsement& endorsement);
/// The exact inverse. wrong_length or bad_role.
[[nodiscard]] Result<HardwareEndorsement, EndorsementError> decode_endorsement(ByteView bytes);

/// The bytes that `key` signs: label, suite, H(key), role (signed_message.hpp), then session id and fingerprint.
[[nodiscard]] Bytes signed_bytes(const HardwareEndorsement& endorsement, const EcdsaP384PublicKey& key);

/// bad_key or bad_signature.
[[nodiscard]] Result<void, EndorsementError> verify(const HardwareEndorsement& endorsement,
                                                    const EcdsaP384PublicKey& key,
                                                    const EcdsaP384Signature& signature);

}  // namespace chat
