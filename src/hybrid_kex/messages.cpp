#include "hybrid_kex/messages.hpp"

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"

namespace chat {

namespace {

static_assert(bundle_size == identity_public_size + X25519PublicKey::size + mlkem1024_encapsulation_key_size +
                                 falcon1024::public_key_size + SasCommitment::size +
                                 composite_signature_size);
static_assert(init_size == identity_public_size + falcon1024::public_key_size + X25519PublicKey::size +
                               mlkem1024_encapsulation_key_size + 2 * mlkem1024_ciphertext_size +
                               SasNonceB::size + composite_signature_size +
                               falcon1024::padded_signature_size + KexMac::size);
static_assert(resp_size == X25519PublicKey::size + 2 * mlkem1024_ciphertext_size + OpenedSasNonceA::size +
                               falcon1024::padded_signature_size + KexMac::size);

Result<IdentityPublic, KexError> read_identity(WireReader& in) {
    auto identity = IdentityPublic::decode(in.read(identity_public_size));
    if (identity) return *identity;
    return fail(identity.error() == IdentityError::bad_mlkem_key ? KexError::bad_identity_mlkem_key
                                                                 : KexError::bad_identity_falcon_key);
}

bool is_falcon_key(const falcon1024::PublicKey& key) {
    return falcon1024::VerifyingKey::decode(key.bytes).has_value();
}

bool is_mlkem_key(const MlKem1024EncapsulationKey& key) {
    return mlkem1024::check_encapsulation_key(key).has_value();
}

}  // namespace

BundleBytes Bundle::encode() const {
    BundleBytes out;
    WireWriter{out.bytes}
        .write(identity.encoded().bytes)
        .write(signed_prekey.bytes)
        .write(signed_kem_prekey.bytes)
        .write(ephemeral_signing_key.bytes)
        .write(sas_commitment.bytes)
        .write(signature.bytes);
    return out;
}

Result<Bundle, KexError> Bundle::decode(ByteView bytes) {
    if (bytes.size() != bundle_size) return fail(KexError::bundle_length);
    WireReader in{bytes};
    auto identity = read_identity(in);
    if (!identity) return fail(identity.error());
    Bundle out{*identity, {}, {}, {}, {}, {}};
    in.read_into(out.signed_prekey.bytes);
    in.read_into(out.signed_kem_prekey.bytes);
    in.read_into(out.ephemeral_signing_key.bytes);
    in.read_into(out.sas_commitment.bytes);
    in.read_into(out.signature.bytes);
    assert(in.ok_at_end());
    if (!is_mlkem_key(out.signed_kem_prekey)) return fail(KexError::bad_signed_mlkem_prekey);
    if (!is_falcon_key(out.ephemeral_signing_key)) return fail(KexError::bad_ephemeral_signing_key);
    return out;
}

InitBytes Init::encode() const {
    InitBytes out;
    WireWriter{out.bytes}
        .write(identity.encoded().bytes)
        .write(ephemeral_signing_key.bytes)
        .write(ephemeral_key.bytes)
        .write(ephemeral_kem_key.bytes)
        .write(ct1.bytes)
        .write(ct2.bytes)
        .write(sas_nonce_b.bytes)
        .write(signature.bytes)
        .write(ec_pq_binding.bytes)
        .write(mac.bytes);
    return out;
}

Result<Init, KexError> Init::decode(ByteView bytes) {
    if (bytes.size() != init_size) return fail(KexError::init_length);
    WireReader in{bytes};
    auto identity = read_identity(in);
    if (!identity) return fail(identity.error());
    Init out{*identity, {}, {}, {}, {}, {}, {}, {}, {}, {}};
    in.read_into(out.ephemeral_signing_key.bytes);
    in.read_into(out.ephemeral_key.bytes);
    in.read_into(out.ephemeral_kem_key.bytes);
    in.read_into(out.ct1.bytes);
    in.read_into(out.ct2.bytes);
    in.read_into(out.sas_nonce_b.bytes);
    in.read_into(out.signature.bytes);
    in.read_into(out.ec_pq_binding.bytes);
    in.read_into(out.mac.bytes);
    assert(in.ok_at_end());
    if (!is_mlkem_key(out.ephemeral_kem_key)) return fail(KexError::bad_ephemeral_mlkem_key);
    if (!is_falcon_key(out.ephemeral_signing_key)) return fail(KexError::bad_ephemeral_signing_key);
    return out;
}

RespBytes Resp::encode() const {
    RespBytes out;
    WireWriter{out.bytes}
        .write(ephemeral_key.bytes)
        .write(ct3.bytes)
        .write(ct4.bytes)
        .write(sas_nonce_a.bytes)
        .write(ec_pq_binding.bytes)
        .write(mac.bytes);
    return out;
}

Result<Resp, KexError> Resp::decode(ByteView bytes) {
    if (bytes.size() != resp_size) return fail(KexError::resp_length);
    WireReader in{bytes};
    Resp out;
    in.read_into(out.ephemeral_key.bytes);
    in.read_into(out.ct3.bytes);
    in.read_into(out.ct4.bytes);
    in.read_into(out.sas_nonce_a.bytes);
    in.read_into(out.ec_pq_binding.bytes);
    in.read_into(out.mac.bytes);
    assert(in.ok_at_end());
    return out;
}

}  // namespace chat
