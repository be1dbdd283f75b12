#include "hybrid_kex/hardware_endorsement.hpp"

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"
#include "crypto/info.hpp"
#include "crypto/signed_message.hpp"

namespace chat {

std::string_view describe(EndorsementError error) {
    switch (error) {
        case EndorsementError::wrong_length: return "the hardware endorsement has the wrong length";
        case EndorsementError::bad_role: return "the hardware endorsement names no role";
        case EndorsementError::bad_key: return "the key of the hardware endorsement is no point of P-384";
        case EndorsementError::bad_signature:
            return "the hardware endorsement is not for this session and identity, or was forged";
    }
    return "unknown endorsement error";
}

Bytes encode(const HardwareEndorsement& endorsement) {
    Bytes out(HardwareEndorsement::encoded_size);
    WireWriter{out}
        .write_u8(static_cast<u8>(endorsement.role))
        .write(endorsement.session_id.bytes)
        .write(endorsement.identity.bytes);
    return out;
}

Result<HardwareEndorsement, EndorsementError> decode_endorsement(ByteView bytes) {
    WireReader in{bytes};
    HardwareEndorsement out;
    out.role = static_cast<Role>(in.read_u8());
    out.session_id = in.read_bytes<SessionIdBytes>();
    out.identity = in.read_bytes<Fingerprint>();
    if (!in.ok_at_end()) return fail(EndorsementError::wrong_length);
    if (out.role != Role::a && out.role != Role::b) return fail(EndorsementError::bad_role);
    return out;
}

Bytes signed_bytes(const HardwareEndorsement& endorsement, const EcdsaP384PublicKey& key) {
    SignedMessage message{info::hardware_endorsement, verification_key_hash(key.bytes), endorsement.role};
    message.fixed(endorsement.session_id.bytes).fixed(endorsement.identity.bytes);
    return std::move(message).take();
}

Result<void, EndorsementError> verify(const HardwareEndorsement& endorsement, const EcdsaP384PublicKey& key,
                                      const EcdsaP384Signature& signature) {
    const auto verified = ecdsa_p384::verify(key, signed_bytes(endorsement, key), signature);
    if (verified) return {};
    return fail(verified.error() == CryptoError::bad_ecdsa_public_key ? EndorsementError::bad_key
                                                                      : EndorsementError::bad_signature);
}

}  // namespace chat
