#include "secure_key_manager/isolation/keys/remote_identity_keys.hpp"

#include <new>

namespace chat {

using key_protocol::Agree, key_protocol::Agreed, key_protocol::Decapsulate, key_protocol::Decapsulated,
    key_protocol::Done, key_protocol::Forget, key_protocol::Sign, key_protocol::Signed;

RemoteIdentityKeys::~RemoteIdentityKeys() {
    try {
        static_cast<void>(client_->call<Done>(Forget{slot_}, client_->limits().call));
    } catch (const std::bad_alloc&) {
        // The keys stay in their slot until the process ends, which is soon when memory is exhausted.
    }
}

Result<CompositeSignature, KeyError> RemoteIdentityKeys::sign(const IdentityStatement& statement) {
    const auto made = client_->call<Signed>(Sign{slot_, statement}, client_->limits().call);
    if (!made) return fail(made.error());
    return made->signature;
}

Result<X25519SharedSecret, KeyError> RemoteIdentityKeys::agree(const X25519PublicKey& peer) {
    auto made = client_->call<Agreed>(Agree{slot_, peer}, client_->limits().call);
    if (!made) return fail(made.error());
    return std::move(made->secret);
}

Result<MlKem1024SharedSecret, KeyError> RemoteIdentityKeys::decapsulate(
    const MlKem1024Ciphertext& ciphertext) {
    auto made = client_->call<Decapsulated>(Decapsulate{slot_, ciphertext}, client_->limits().call);
    if (!made) return fail(made.error());
    return std::move(made->secret);
}

}  // namespace chat
