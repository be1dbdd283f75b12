#include "hybrid_kex/identity.hpp"

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"
#include "crypto/canonical_hash.hpp"
#include "crypto/info.hpp"

namespace chat {

namespace {

constexpr std::size_t ed25519_offset = falcon1024::public_key_size;
constexpr std::size_t x25519_offset = ed25519_offset + Ed25519PublicKey::size;
constexpr std::size_t mlkem_offset = x25519_offset + X25519PublicKey::size;

template <class Key, std::size_t offset>
Key part(const IdentityPublicBytes& bytes) {
    return Key::from(bytes.view().subspan<offset, Key::size>());
}

}  // namespace

std::string_view describe(IdentityError error) {
    switch (error) {
        case IdentityError::wrong_length: return "the identity has the wrong length";
        case IdentityError::bad_falcon_key: return "the identity's FALCON-1024 key is malformed";
        case IdentityError::bad_mlkem_key: return "the identity's ML-KEM-1024 key is malformed";
        case IdentityError::bad_falcon_signature:
            return "the FALCON-1024 signature of the identity does not verify";
        case IdentityError::bad_ed25519_signature:
            return "the Ed25519 signature of the identity does not verify";
    }
    return "unknown identity error";
}

IdentityPublic::IdentityPublic(const falcon1024::PublicKey& falcon, const Ed25519PublicKey& ed25519,
                               const X25519PublicKey& x25519, const MlKem1024EncapsulationKey& mlkem) {
    WireWriter{bytes_.bytes}.write(falcon.bytes).write(ed25519.bytes).write(x25519.bytes).write(mlkem.bytes);
}

Result<IdentityPublic, IdentityError> IdentityPublic::decode(ByteView bytes) {
    if (bytes.size() != identity_public_size) return fail(IdentityError::wrong_length);
    IdentityPublic out{WireReader{bytes}.read_bytes<IdentityPublicBytes>()};
    if (!falcon1024::VerifyingKey::decode(out.falcon().bytes)) return fail(IdentityError::bad_falcon_key);
    if (!mlkem1024::check_encapsulation_key(out.mlkem())) return fail(IdentityError::bad_mlkem_key);
    return out;
}

falcon1024::PublicKey IdentityPublic::falcon() const { return part<falcon1024::PublicKey, 0>(bytes_); }

Ed25519PublicKey IdentityPublic::ed25519() const { return part<Ed25519PublicKey, ed25519_offset>(bytes_); }

X25519PublicKey IdentityPublic::x25519() const { return part<X25519PublicKey, x25519_offset>(bytes_); }

MlKem1024EncapsulationKey IdentityPublic::mlkem() const {
    return part<MlKem1024EncapsulationKey, mlkem_offset>(bytes_);
}

Fingerprint fingerprint(const IdentityPublic& identity) {
    const Sha512Digest digest = CanonicalHash{info::fingerprint}.fixed(identity.encoded().bytes).digest();
    return Fingerprint::from(digest.view().first<Fingerprint::size>());
}

Result<void, IdentityError> verify_composite(const IdentityPublic& signer, ByteView message,
                                             const CompositeSignature& signature) {
    WireReader halves{signature.bytes};
    const auto falcon = halves.read_bytes<falcon1024::PaddedSignature>();
    const auto ed25519 = halves.read_bytes<Ed25519Signature>();
    if (!falcon1024::verify(signer.falcon(), message, falcon)) {
        return fail(IdentityError::bad_falcon_signature);
    }
    if (!ed25519::verify(signer.ed25519(), message, ed25519)) {
        return fail(IdentityError::bad_ed25519_signature);
    }
    return {};
}

CompositeSignature compose(const falcon1024::PaddedSignature& falcon, const Ed25519Signature& ed25519) {
    CompositeSignature out;
    WireWriter{out.bytes}.write(falcon.bytes).write(ed25519.bytes);
    return out;
}

}  // namespace chat
