#pragma once
/// All that an identity key ever signs (docs/protocol.md 1, 5.1). Each statement is a structure with an exact encoding, so that
/// whoever holds the keys, possibly in another process, parses it, checks it and builds the signed bytes itself: an identity key
/// can't be made to sign anything else, nor in another identity's name.

#include <string_view>
#include <variant>

#include "hybrid_kex/identity.hpp"

namespace chat {

/// SHA-256 over label and nonce (docs/protocol.md 5.1).
using SasCommitment = PublicBytes<struct SasCommitmentTag, 32>;
/// B's nonce for the authentication string; public from the start.
using SasNonceB = PublicBytes<struct SasNonceBTag, 32>;
/// H(bundle).
using BundleHash = PublicBytes<struct BundleHashTag, 64>;

/// A endorses the keys of its bundle.
struct BundleStatement {
    BootstrapTranscript bootstrap_transcript;
    TlsExporter tls_exporter;
    Fingerprint expected_peer;  ///< what A expects of B, or 32 zero bytes
    X25519PublicKey signed_prekey;
    MlKem1024EncapsulationKey signed_kem_prekey;
    falcon1024::PublicKey ephemeral_signing_key;
    SasCommitment sas_commitment;

    bool operator==(const BundleStatement&) const = default;
};

/// B endorses every field of its init.
struct InitStatement {
    BootstrapTranscript bootstrap_transcript;
    TlsExporter tls_exporter;
    BundleHash bundle_hash;
    falcon1024::PublicKey ephemeral_signing_key;
    X25519PublicKey ephemeral_key;
    MlKem1024EncapsulationKey ephemeral_kem_key;
    MlKem1024Ciphertext ct1;
    MlKem1024Ciphertext ct2;
    SasNonceB sas_nonce_b;

    bool operator==(const InitStatement&) const = default;
};

/// A new identity names the one that it follows in a session, and the EFK whose signature vouches for it.
struct RotationStatement {
    Role role;  ///< of whoever rotates
    SessionIdBytes session_id;
    Fingerprint old_fingerprint;
    u32 efk_index;
    falcon1024::PublicKey efk;

    bool operator==(const RotationStatement&) const = default;
};

using IdentityStatement = std::variant<BundleStatement, InitStatement, RotationStatement>;

enum class StatementError : u8 {
    unknown_kind,
    wrong_length,
    bad_role,
    bad_ephemeral_signing_key,  ///< not a FALCON-1024 public key in its one encoding
    bad_mlkem_key,              ///< an encapsulation key fails the modulus check
};
/// One line for the user.
[[nodiscard]] std::string_view describe(StatementError error);

/// kind u8 | fields in the order of the structure; the form in which a statement goes to a key process. The kind fixes the length.
[[nodiscard]] Bytes encode(const IdentityStatement& statement);
/// The exact inverse, with the checks named in StatementError.
[[nodiscard]] Result<IdentityStatement, StatementError> decode_statement(ByteView bytes);

/// The bytes that both halves of `signer`'s composite signature sign: the statement's label, suite, H(identity_public), role, then
/// the fields, identity_public among them (byte tables in docs/protocol.md 1 and 5).
[[nodiscard]] Bytes signed_bytes(const IdentityStatement& statement, const IdentityPublic& signer);

}  // namespace chat
