#include "hybrid_kex/peer_checks.hpp"

#include "crypto/info.hpp"
#include "crypto/signed_message.hpp"

namespace chat {

namespace {

using Point = std::optional<X25519PublicKey>;
using Lattice = std::optional<MlKem1024EncapsulationKey>;

bool equal_where_shown(const Point& one, const Point& other) {
    return one.has_value() && other.has_value() && same_x25519_key(*one, *other);
}

bool equal_where_shown(const Lattice& one, const Lattice& other) {
    return one.has_value() && other.has_value() && *one == *other;
}

}  // namespace

bool same_x25519_key(const X25519PublicKey& one, const X25519PublicKey& other) {
    constexpr u8 value_bits = 0x7F;
    return std::equal(one.bytes.begin(), one.bytes.end() - 1, other.bytes.begin()) &&
           (one.bytes.back() & value_bits) == (other.bytes.back() & value_bits);
}

Result<void, KexError> check_no_shared_key(const IdentityPublic& theirs, const IdentityPublic& ours) {
    if (theirs.falcon() == ours.falcon()) return fail(KexError::reflected_identity_falcon_key);
    if (theirs.ed25519() == ours.ed25519()) return fail(KexError::reflected_identity_ed25519_key);
    if (same_x25519_key(theirs.x25519(), ours.x25519())) return fail(KexError::reflected_identity_x25519_key);
    if (theirs.mlkem() == ours.mlkem()) return fail(KexError::reflected_identity_mlkem_key);
    return {};
}

Result<void, KexError> check_not_reflected(const ShownKeys& theirs, const ShownKeys& ours) {
    if (const auto apart = check_no_shared_key(theirs.identity, ours.identity); !apart) return apart;
    if (theirs.identity.falcon() == ours.ephemeral_signing_key) {
        return fail(KexError::reflected_identity_falcon_key);
    }
    if (equal_where_shown(theirs.identity.x25519(), ours.x25519)) {
        return fail(KexError::reflected_identity_x25519_key);
    }
    if (equal_where_shown(theirs.identity.mlkem(), ours.mlkem)) {
        return fail(KexError::reflected_identity_mlkem_key);
    }
    if (theirs.ephemeral_signing_key == ours.ephemeral_signing_key ||
        theirs.ephemeral_signing_key == ours.identity.falcon()) {
        return fail(KexError::reflected_ephemeral_signing_key);
    }
    if (equal_where_shown(theirs.x25519, ours.identity.x25519()) ||
        equal_where_shown(theirs.x25519, ours.x25519)) {
        return fail(KexError::reflected_ephemeral_x25519_key);
    }
    if (equal_where_shown(theirs.mlkem, ours.identity.mlkem()) ||
        equal_where_shown(theirs.mlkem, ours.mlkem)) {
        return fail(KexError::reflected_ephemeral_mlkem_key);
    }
    return {};
}

Result<void, KexError> check_identity_signature(const IdentityPublic& signer,
                                                const IdentityStatement& statement,
                                                const CompositeSignature& signature) {
    const auto verified = verify_composite(signer, signed_bytes(statement, signer), signature);
    if (verified) return {};
    return fail(verified.error() == IdentityError::bad_falcon_signature
                    ? KexError::bad_identity_falcon_signature
                    : KexError::bad_identity_ed25519_signature);
}

Bytes init_binding_message(const falcon1024::PublicKey& efk_b, const BundleHash& bundle,
                           std::span<const u8, Init::binding_offset> fields) {
    SignedMessage message{info::init_ec_pq_binding, verification_key_hash(efk_b.bytes), Role::b};
    message.fixed(bundle.bytes).fixed(fields);
    return std::move(message).take();
}

Bytes resp_binding_message(const falcon1024::PublicKey& efk_a, const Sha512Digest& bundle_init,
                           std::span<const u8, Resp::binding_offset> fields) {
    SignedMessage message{info::resp_ec_pq_binding, verification_key_hash(efk_a.bytes), Role::a};
    message.fixed(bundle_init.bytes).fixed(fields);
    return std::move(message).take();
}

}  // namespace chat
