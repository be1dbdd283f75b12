#pragma once
/// The three messages of the key exchange (docs/protocol.md 5.1), each of one exact size. decode() checks the length and that every
/// key is one: whoever has a message object has well-formed keys, and nothing more.

#include "crypto/hmac.hpp"
#include "hybrid_kex/identity_statement.hpp"
#include "hybrid_kex/kex_error.hpp"

namespace chat {

inline constexpr std::size_t bundle_size = 8194;
inline constexpr std::size_t init_size = 12642;
inline constexpr std::size_t resp_size = 4512;

using BundleBytes = PublicBytes<struct BundleTag, bundle_size>;
using InitBytes = PublicBytes<struct InitTag, init_size>;
using RespBytes = PublicBytes<struct RespTag, resp_size>;
/// HMAC-SHA256 that confirms a key.
using KexMac = PublicBytes<struct KexMacTag, hmac_sha256_size>;
/// A's nonce after it was opened.
using OpenedSasNonceA = PublicBytes<struct OpenedSasNonceATag, 32>;

struct Bundle {
    IdentityPublic identity;
    X25519PublicKey signed_prekey;                ///< SPK_A
    MlKem1024EncapsulationKey signed_kem_prekey;  ///< PQSPK_A
    falcon1024::PublicKey ephemeral_signing_key;  ///< EFK_A
    SasCommitment sas_commitment;
    CompositeSignature signature;

    [[nodiscard]] BundleBytes encode() const;
    /// bundle_length, bad_identity_falcon_key, bad_identity_mlkem_key, bad_signed_mlkem_prekey or bad_ephemeral_signing_key.
    [[nodiscard]] static Result<Bundle, KexError> decode(ByteView bytes);
};

struct Init {
    IdentityPublic identity;
    falcon1024::PublicKey ephemeral_signing_key;  ///< EFK_B
    X25519PublicKey ephemeral_key;                ///< EK_B
    MlKem1024EncapsulationKey ephemeral_kem_key;  ///< PQEK_B
    MlKem1024Ciphertext ct1;                      ///< to PQSPK_A
    MlKem1024Ciphertext ct2;                      ///< to kem_A
    SasNonceB sas_nonce_b;
    CompositeSignature signature;
    falcon1024::PaddedSignature ec_pq_binding;  ///< by EFK_B
    KexMac mac;

    /// Offsets of what a signature or MAC covers: every byte before it.
    static constexpr std::size_t mac_offset = init_size - KexMac::size;
    static constexpr std::size_t binding_offset = mac_offset - falcon1024::padded_signature_size;

    [[nodiscard]] InitBytes encode() const;
    /// init_length, bad_identity_falcon_key, bad_identity_mlkem_key, bad_ephemeral_mlkem_key or bad_ephemeral_signing_key.
    [[nodiscard]] static Result<Init, KexError> decode(ByteView bytes);
};

struct Resp {
    X25519PublicKey ephemeral_key;  ///< EK_A
    MlKem1024Ciphertext ct3;        ///< to kem_B
    MlKem1024Ciphertext ct4;        ///< to PQEK_B
    OpenedSasNonceA sas_nonce_a;
    falcon1024::PaddedSignature ec_pq_binding;  ///< by EFK_A
    KexMac mac;

    static constexpr std::size_t mac_offset = resp_size - KexMac::size;
    static constexpr std::size_t binding_offset = mac_offset - falcon1024::padded_signature_size;

    [[nodiscard]] RespBytes encode() const;
    /// resp_length.
    [[nodiscard]] static Result<Resp, KexError> decode(ByteView bytes);
};

}  // namespace chat
