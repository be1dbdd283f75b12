#pragma once
/// Every way in which the key exchange ends without a session (docs/protocol.md 5.3). The peer learns only that it ended.

#include <string_view>

#include "base/bytes.hpp"

namespace chat {

enum class KexError : u8 {
    bundle_length,  ///< not 8194 bytes
    init_length,    ///< not 12642 bytes
    resp_length,    ///< not 4512 bytes

    bad_identity_falcon_key,    ///< no FALCON-1024 key in its one encoding
    bad_ephemeral_signing_key,  ///< the same of EFK
    bad_identity_mlkem_key,     ///< kem fails the modulus check of FIPS 203, 7.2
    bad_signed_mlkem_prekey,    ///< the same of PQSPK_A
    bad_ephemeral_mlkem_key,    ///< the same of PQEK_B

    reflected_identity_falcon_key,  ///< the peer shows a key that is one's own
    reflected_identity_ed25519_key,
    reflected_identity_x25519_key,
    reflected_identity_mlkem_key,
    reflected_ephemeral_signing_key,
    reflected_ephemeral_x25519_key,  ///< SPK_A, EK_B or EK_A
    reflected_ephemeral_mlkem_key,   ///< PQSPK_A or PQEK_B

    not_the_invited_identity,  ///< B's identity has not the fingerprint of the invite

    bad_identity_falcon_signature,
    bad_identity_ed25519_signature,
    bad_ec_pq_binding,

    zero_dh1,  ///< X25519(dh_B, SPK_A) is all zero
    zero_dh2,  ///< X25519(EK_B, dh_A) is all zero
    zero_dh3,  ///< X25519(EK_B, SPK_A) is all zero
    zero_dh4,  ///< X25519(EK_B, EK_A) is all zero

    bad_sas_commitment,  ///< A's nonce is not the one it committed to
    bad_init_mac,  ///< the sides hold different secrets or transcripts; ML-KEM's implicit rejection shows as this
    bad_resp_mac,  ///< the same after resp

    identity_keys_unavailable,  ///< this side's identity keys did not answer or refused
};

/// One line for the user.
[[nodiscard]] std::string_view describe(KexError error);

}  // namespace chat
