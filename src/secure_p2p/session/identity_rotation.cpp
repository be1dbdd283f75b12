#include "secure_p2p/session/identity_rotation.hpp"

#include <cassert>

namespace chat {

IdentityRotation::IdentityRotation(Role own_role, const SessionIdBytes& session_id,
                                   std::shared_ptr<IdentityKeys> own, const IdentityPublic& peer,
                                   Duration interval, Time now)
    : own_role_{own_role},
      session_id_{session_id},
      own_{std::move(own)},
      peer_{peer},
      interval_{interval},
      last_{now} {}

bool IdentityRotation::due(Time now) const {
    if (under_way()) return false;
    const auto when = due_time();
    return requested_ || (when && now >= *when);
}

std::optional<Time> IdentityRotation::due_time() const {
    if (interval_ == Duration{} || under_way()) return std::nullopt;
    return last_ + interval_;
}

Result<std::optional<SecretBuffer>, KeyError> IdentityRotation::begin(const CellCipher& cipher,
                                                                      SessionKeySupply& supply, Time now) {
    requested_ = false;
    last_ = now;
    std::shared_ptr<IdentityKeys> next = supply.take_identity();
    if (!next) return std::optional<SecretBuffer>{};
    const RotationStatement statement{own_role_, session_id_, fingerprint(own_->public_identity()),
                                      cipher.own_efk_index(), cipher.own_efk()};
    const auto message = make_rotation(*next, statement);
    if (!message) return fail(message.error());
    next_ = std::move(next);
    return std::optional{SecretBuffer::copy_of(message->encode().view())};
}

IdentityRotated IdentityRotation::acknowledged() {
    assert(under_way());
    const IdentityRotated out{Whose::ours, fingerprint(own_->public_identity()),
                              fingerprint(next_->public_identity())};
    own_ = std::move(next_);
    next_.reset();
    return out;
}

Result<IdentityRotated, RotationError> IdentityRotation::accept(ByteView content, u32 efk_index,
                                                                const CellCipher& cipher) {
    const auto message = RotationMessage::decode(content);
    if (!message) return fail(message.error());
    const falcon1024::PublicKey* const efk = cipher.peer_efk(efk_index);
    assert(efk != nullptr);
    const RotationContext context{other(own_role_),        session_id_, peer_,
                                  own_->public_identity(), efk_index,   *efk};
    if (const auto verified = verify_rotation(*message, context); !verified) return fail(verified.error());
    const IdentityRotated out{Whose::theirs, fingerprint(peer_), fingerprint(message->new_identity)};
    peer_ = message->new_identity;
    return out;
}

}  // namespace chat
