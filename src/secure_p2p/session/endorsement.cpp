#include "secure_p2p/session/endorsement.hpp"

#include <utility>

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"

namespace chat {

std::string_view describe(EndorsementRefusal refusal) {
    switch (refusal) {
        case EndorsementRefusal::malformed: return describe(EndorsementError::wrong_length);
        case EndorsementRefusal::unknown_device:
            return "the hardware endorsement names a device that this version does not know";
        case EndorsementRefusal::bad_key: return describe(EndorsementError::bad_key);
        case EndorsementRefusal::bad_signature: return describe(EndorsementError::bad_signature);
        case EndorsementRefusal::repeated: return "a second hardware endorsement in one session";
        case EndorsementRefusal::no_session: return "there is no session to endorse";
    }
    return "";
}

SecretBuffer encode(const Endorsement& endorsement) {
    SecretBuffer out{endorsement_size};
    WireWriter{out.expose_mutable()}
        .write_u8(static_cast<u8>(endorsement.kind))
        .write(endorsement.key.bytes)
        .write(endorsement.signature.bytes);
    return out;
}

Result<Endorsement, EndorsementRefusal> decode_session_endorsement(ByteView bytes) {
    WireReader in{bytes};
    const u8 kind = in.read_u8();
    const auto key = in.read_bytes<EcdsaP384PublicKey>();
    const auto signature = in.read_bytes<EcdsaP384Signature>();
    if (!in.ok_at_end()) return fail(EndorsementRefusal::malformed);
    if (kind < static_cast<u8>(DeviceKind::tpm) || kind > static_cast<u8>(DeviceKind::cng)) {
        return fail(EndorsementRefusal::unknown_device);
    }
    return Endorsement{static_cast<DeviceKind>(kind), key, signature};
}

Result<void, EndorsementRefusal> EndorsementOnce::take(const Endorsement& endorsement,
                                                       const HardwareEndorsement& statement) {
    if (std::exchange(spent_, true)) return fail(EndorsementRefusal::repeated);
    const auto verified = verify(statement, endorsement.key, endorsement.signature);
    if (verified) return {};
    return fail(verified.error() == EndorsementError::bad_key ? EndorsementRefusal::bad_key
                                                              : EndorsementRefusal::bad_signature);
}

}  // namespace chat
