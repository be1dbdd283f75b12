#pragma once
/// An identity whose private keys are in the key process.

#include <memory>

#include "hybrid_kex/identity_keys.hpp"
#include "secure_key_manager/isolation/keys/key_process_client.hpp"

namespace chat {

class RemoteIdentityKeys final : public IdentityKeys {
  public:
    RemoteIdentityKeys(std::shared_ptr<KeyProcessClient> client, key_protocol::Slot slot,
                       const IdentityPublic& identity)
        : client_{std::move(client)}, slot_{slot}, public_{identity} {}
    RemoteIdentityKeys(const RemoteIdentityKeys&) = delete;
    RemoteIdentityKeys& operator=(const RemoteIdentityKeys&) = delete;
    /// Has the key process wipe the keys.
    ~RemoteIdentityKeys() override;

    [[nodiscard]] const IdentityPublic& public_identity() const override { return public_; }
    [[nodiscard]] Result<CompositeSignature, KeyError> sign(const IdentityStatement& statement) override;
    [[nodiscard]] Result<X25519SharedSecret, KeyError> agree(const X25519PublicKey& peer) override;
    [[nodiscard]] Result<MlKem1024SharedSecret, KeyError> decapsulate(
        const MlKem1024Ciphertext& ciphertext) override;

  private:
    std::shared_ptr<KeyProcessClient> client_;
    key_protocol::Slot slot_;
    IdentityPublic public_;
};

}  // namespace chat
