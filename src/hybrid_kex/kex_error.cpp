#include "hybrid_kex/kex_error.hpp"

namespace chat {

std::string_view describe(KexError error) {
    switch (error) {
        case KexError::bundle_length: return "key exchange: the first message has the wrong length";
        case KexError::init_length: return "key exchange: the second message has the wrong length";
        case KexError::resp_length: return "key exchange: the third message has the wrong length";
        case KexError::bad_identity_falcon_key: return "the peer's FALCON-1024 identity key is malformed";
        case KexError::bad_ephemeral_signing_key: return "the peer's ephemeral FALCON-1024 key is malformed";
        case KexError::bad_identity_mlkem_key: return "the peer's ML-KEM-1024 identity key is malformed";
        case KexError::bad_signed_mlkem_prekey: return "the peer's signed ML-KEM-1024 key is malformed";
        case KexError::bad_ephemeral_mlkem_key: return "the peer's ephemeral ML-KEM-1024 key is malformed";
        case KexError::reflected_identity_falcon_key:
            return "the peer shows this side's own key as its FALCON-1024 identity key";
        case KexError::reflected_identity_ed25519_key:
            return "the peer shows this side's own key as its Ed25519 identity key";
        case KexError::reflected_identity_x25519_key:
            return "the peer shows this side's own key as its X25519 identity key";
        case KexError::reflected_identity_mlkem_key:
            return "the peer shows this side's own key as its ML-KEM-1024 identity key";
        case KexError::reflected_ephemeral_signing_key:
            return "the peer shows this side's own key as its ephemeral FALCON-1024 key";
        case KexError::reflected_ephemeral_x25519_key:
            return "the peer shows this side's own key as its ephemeral X25519 key";
        case KexError::reflected_ephemeral_mlkem_key:
            return "the peer shows this side's own key as its ephemeral ML-KEM-1024 key";
        case KexError::not_the_invited_identity: return "the peer is not the one that the invite names";
        case KexError::bad_identity_falcon_signature:
            return "the FALCON-1024 signature of the peer's identity does not verify";
        case KexError::bad_identity_ed25519_signature:
            return "the Ed25519 signature of the peer's identity does not verify";
        case KexError::bad_ec_pq_binding:
            return "the signature that binds the peer's X25519 and ML-KEM-1024 parts does not verify";
        case KexError::zero_dh1: return "X25519 of B's identity and A's signed key gives zero";
        case KexError::zero_dh2: return "X25519 of B's ephemeral key and A's identity gives zero";
        case KexError::zero_dh3: return "X25519 of B's ephemeral key and A's signed key gives zero";
        case KexError::zero_dh4: return "X25519 of both ephemeral keys gives zero";
        case KexError::bad_sas_commitment:
            return "the peer's part of the authentication string is not the one it committed to";
        case KexError::bad_init_mac: return "the second message is not confirmed: the keys differ";
        case KexError::bad_resp_mac: return "the third message is not confirmed: the keys differ";
        case KexError::identity_keys_unavailable: return "this side's identity keys are not available";
    }
    return "unknown key exchange error";
}

}  // namespace chat
