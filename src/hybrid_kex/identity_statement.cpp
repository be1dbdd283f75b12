#include "hybrid_kex/identity_statement.hpp"

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"
#include "crypto/info.hpp"
#include "crypto/signed_message.hpp"

namespace chat {

namespace {

enum class Kind : u8 { bundle = 1, init = 2, rotation = 3 };

constexpr std::size_t binding_size = BootstrapTranscript::size + TlsExporter::size;
constexpr std::size_t bundle_statement_size = binding_size + Fingerprint::size + X25519PublicKey::size +
                                              mlkem1024_encapsulation_key_size + falcon1024::public_key_size +
                                              SasCommitment::size;
constexpr std::size_t init_statement_size = binding_size + BundleHash::size + falcon1024::public_key_size +
                                            X25519PublicKey::size + mlkem1024_encapsulation_key_size +
                                            2 * mlkem1024_ciphertext_size + SasNonceB::size;
constexpr std::size_t rotation_statement_size =
    1 + SessionIdBytes::size + Fingerprint::size + sizeof(u32) + falcon1024::public_key_size;

void write(const BundleStatement& s, MutableByteView out) {
    WireWriter{out}
        .write(s.bootstrap_transcript.bytes)
        .write(s.tls_exporter.bytes)
        .write(s.expected_peer.bytes)
        .write(s.signed_prekey.bytes)
        .write(s.signed_kem_prekey.bytes)
        .write(s.ephemeral_signing_key.bytes)
        .write(s.sas_commitment.bytes);
}

void write(const InitStatement& s, MutableByteView out) {
    WireWriter{out}
        .write(s.bootstrap_transcript.bytes)
        .write(s.tls_exporter.bytes)
        .write(s.bundle_hash.bytes)
        .write(s.ephemeral_signing_key.bytes)
        .write(s.ephemeral_key.bytes)
        .write(s.ephemeral_kem_key.bytes)
        .write(s.ct1.bytes)
        .write(s.ct2.bytes)
        .write(s.sas_nonce_b.bytes);
}

void write(const RotationStatement& s, MutableByteView out) {
    WireWriter{out}
        .write_u8(static_cast<u8>(s.role))
        .write(s.session_id.bytes)
        .write(s.old_fingerprint.bytes)
        .write_u32(s.efk_index)
        .write(s.efk.bytes);
}

template <class Statement>
Bytes encoded(Kind kind, const Statement& statement, std::size_t size) {
    Bytes out(1 + size);
    out[0] = static_cast<u8>(kind);
    write(statement, MutableByteView{out}.subspan(1));
    return out;
}

using Decoded = Result<IdentityStatement, StatementError>;

bool is_falcon_key(const falcon1024::PublicKey& key) {
    return falcon1024::VerifyingKey::decode(key.bytes).has_value();
}

bool is_mlkem_key(const MlKem1024EncapsulationKey& key) {
    return mlkem1024::check_encapsulation_key(key).has_value();
}

Decoded read_bundle_statement(ByteView fields) {
    if (fields.size() != bundle_statement_size) return fail(StatementError::wrong_length);
    WireReader in{fields};
    BundleStatement s;
    s.bootstrap_transcript = in.read_bytes<BootstrapTranscript>();
    s.tls_exporter = in.read_bytes<TlsExporter>();
    s.expected_peer = in.read_bytes<Fingerprint>();
    s.signed_prekey = in.read_bytes<X25519PublicKey>();
    s.signed_kem_prekey = in.read_bytes<MlKem1024EncapsulationKey>();
    s.ephemeral_signing_key = in.read_bytes<falcon1024::PublicKey>();
    s.sas_commitment = in.read_bytes<SasCommitment>();
    if (!is_falcon_key(s.ephemeral_signing_key)) return fail(StatementError::bad_ephemeral_signing_key);
    if (!is_mlkem_key(s.signed_kem_prekey)) return fail(StatementError::bad_mlkem_key);
    return IdentityStatement{s};
}

Decoded read_init_statement(ByteView fields) {
    if (fields.size() != init_statement_size) return fail(StatementError::wrong_length);
    WireReader in{fields};
    InitStatement s;
    s.bootstrap_transcript = in.read_bytes<BootstrapTranscript>();
    s.tls_exporter = in.read_bytes<TlsExporter>();
    s.bundle_hash = in.read_bytes<BundleHash>();
    s.ephemeral_signing_key = in.read_bytes<falcon1024::PublicKey>();
    s.ephemeral_key = in.read_bytes<X25519PublicKey>();
    s.ephemeral_kem_key = in.read_bytes<MlKem1024EncapsulationKey>();
    s.ct1 = in.read_bytes<MlKem1024Ciphertext>();
    s.ct2 = in.read_bytes<MlKem1024Ciphertext>();
    s.sas_nonce_b = in.read_bytes<SasNonceB>();
    if (!is_falcon_key(s.ephemeral_signing_key)) return fail(StatementError::bad_ephemeral_signing_key);
    if (!is_mlkem_key(s.ephemeral_kem_key)) return fail(StatementError::bad_mlkem_key);
    return IdentityStatement{s};
}

Decoded read_rotation_statement(ByteView fields) {
    if (fields.size() != rotation_statement_size) return fail(StatementError::wrong_length);
    WireReader in{fields};
    RotationStatement s;
    s.role = static_cast<Role>(in.read_u8());
    s.session_id = in.read_bytes<SessionIdBytes>();
    s.old_fingerprint = in.read_bytes<Fingerprint>();
    s.efk_index = in.read_u32();
    s.efk = in.read_bytes<falcon1024::PublicKey>();
    if (s.role != Role::a && s.role != Role::b) return fail(StatementError::bad_role);
    if (!is_falcon_key(s.efk)) return fail(StatementError::bad_ephemeral_signing_key);
    return IdentityStatement{s};
}

Bytes signed_by(const IdentityPublic& signer, const BundleStatement& s) {
    SignedMessage message{info::bundle_identity_signature, verification_key_hash(signer.encoded().bytes),
                          Role::a};
    message.fixed(s.bootstrap_transcript.bytes)
        .fixed(s.tls_exporter.bytes)
        .fixed(s.expected_peer.bytes)
        .fixed(signer.encoded().bytes)
        .fixed(s.signed_prekey.bytes)
        .fixed(s.signed_kem_prekey.bytes)
        .fixed(s.ephemeral_signing_key.bytes)
        .fixed(s.sas_commitment.bytes);
    return std::move(message).take();
}

Bytes signed_by(const IdentityPublic& signer, const InitStatement& s) {
    SignedMessage message{info::init_identity_signature, verification_key_hash(signer.encoded().bytes),
                          Role::b};
    message.fixed(s.bootstrap_transcript.bytes)
        .fixed(s.tls_exporter.bytes)
        .fixed(s.bundle_hash.bytes)
        .fixed(signer.encoded().bytes)
        .fixed(s.ephemeral_signing_key.bytes)
        .fixed(s.ephemeral_key.bytes)
        .fixed(s.ephemeral_kem_key.bytes)
        .fixed(s.ct1.bytes)
        .fixed(s.ct2.bytes)
        .fixed(s.sas_nonce_b.bytes);
    return std::move(message).take();
}

Bytes signed_by(const IdentityPublic& signer, const RotationStatement& s) {
    SignedMessage message{info::rotation_signature, verification_key_hash(signer.encoded().bytes), s.role};
    message.fixed(s.session_id.bytes)
        .fixed(s.old_fingerprint.bytes)
        .fixed_u32(s.efk_index)
        .fixed(s.efk.bytes);
    return std::move(message).take();
}

}  // namespace

std::string_view describe(StatementError error) {
    switch (error) {
        case StatementError::unknown_kind: return "the statement to sign is of no known kind";
        case StatementError::wrong_length: return "the statement to sign has the wrong length";
        case StatementError::bad_role: return "the statement to sign names no role";
        case StatementError::bad_ephemeral_signing_key:
            return "the statement to sign holds a malformed FALCON-1024 key";
        case StatementError::bad_mlkem_key: return "the statement to sign holds a malformed ML-KEM-1024 key";
    }
    return "unknown statement error";
}

Bytes encode(const IdentityStatement& statement) {
    struct Encode {
        Bytes operator()(const BundleStatement& s) const {
            return encoded(Kind::bundle, s, bundle_statement_size);
        }

        Bytes operator()(const InitStatement& s) const { return encoded(Kind::init, s, init_statement_size); }

        Bytes operator()(const RotationStatement& s) const {
            return encoded(Kind::rotation, s, rotation_statement_size);
        }
    };

    return std::visit(Encode{}, statement);
}

Result<IdentityStatement, StatementError> decode_statement(ByteView bytes) {
    if (bytes.empty()) return fail(StatementError::wrong_length);
    const ByteView fields = bytes.subspan(1);
    switch (static_cast<Kind>(bytes[0])) {
        case Kind::bundle: return read_bundle_statement(fields);
        case Kind::init: return read_init_statement(fields);
        case Kind::rotation: return read_rotation_statement(fields);
    }
    return fail(StatementError::unknown_kind);
}

Bytes signed_bytes(const IdentityStatement& statement, const IdentityPublic& signer) {
    return std::visit([&](const auto& s) { return signed_by(signer, s); }, statement);
}

}  // namespace chat
