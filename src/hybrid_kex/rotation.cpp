#include "hybrid_kex/rotation.hpp"

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"
#include "hybrid_kex/peer_checks.hpp"

namespace chat {

std::string_view describe(RotationError error) {
    switch (error) {
        case RotationError::wrong_length: return "identity rotation: the message has the wrong length";
        case RotationError::bad_falcon_key: return "identity rotation: the new FALCON-1024 key is malformed";
        case RotationError::bad_mlkem_key: return "identity rotation: the new ML-KEM-1024 key is malformed";
        case RotationError::same_identity: return "identity rotation: a new key is one of the old identity's";
        case RotationError::own_identity: return "identity rotation: a new key is this side's own";
        case RotationError::bad_falcon_signature:
            return "identity rotation: the FALCON-1024 signature of the new identity does not verify";
        case RotationError::bad_ed25519_signature:
            return "identity rotation: the Ed25519 signature of the new identity does not verify";
    }
    return "unknown identity rotation error";
}

RotationBytes RotationMessage::encode() const {
    RotationBytes out;
    WireWriter{out.bytes}.write(new_identity.encoded().bytes).write(signature.bytes);
    return out;
}

Result<RotationMessage, RotationError> RotationMessage::decode(ByteView bytes) {
    if (bytes.size() != rotation_size) return fail(RotationError::wrong_length);
    WireReader in{bytes};
    auto identity = IdentityPublic::decode(in.read(identity_public_size));
    if (!identity) {
        return fail(identity.error() == IdentityError::bad_mlkem_key ? RotationError::bad_mlkem_key
                                                                     : RotationError::bad_falcon_key);
    }
    return RotationMessage{*identity, in.read_bytes<CompositeSignature>()};
}

Result<RotationMessage, KeyError> make_rotation(IdentityKeys& new_keys, const RotationStatement& statement) {
    auto signature = new_keys.sign(statement);
    if (!signature) return fail(signature.error());
    return RotationMessage{new_keys.public_identity(), *signature};
}

Result<void, RotationError> verify_rotation(const RotationMessage& message, const RotationContext& context) {
    if (!check_no_shared_key(message.new_identity, context.old_identity)) {
        return fail(RotationError::same_identity);
    }
    if (!check_no_shared_key(message.new_identity, context.own_identity)) {
        return fail(RotationError::own_identity);
    }
    const RotationStatement statement{context.sender, context.session_id, fingerprint(context.old_identity),
                                      context.efk_index, context.efk};
    const auto verified = verify_composite(message.new_identity,
                                           signed_bytes(statement, message.new_identity), message.signature);
    if (verified) return {};
    return fail(verified.error() == IdentityError::bad_falcon_signature
                    ? RotationError::bad_falcon_signature
                    : RotationError::bad_ed25519_signature);
}

}  // namespace chat
