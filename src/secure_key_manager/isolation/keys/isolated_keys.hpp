#pragma once
/// The holder whose keys are in the key process.

#include "secure_key_manager/isolation/keys/key_holder.hpp"
#include "secure_key_manager/isolation/keys/key_process_client.hpp"

namespace chat {

/// What the key process keeps of this program's environment: where a keyring's bus and a token's or TPM's libraries are configured.
[[nodiscard]] ServiceProcess::Setup key_process_setup(const KeyHolderSetup& setup);

class IsolatedKeys final : public KeyHolder {
  public:
    /// not_started, ended.
    [[nodiscard]] static Result<std::unique_ptr<IsolatedKeys>, KeyHolderFailure> start_ephemeral(
        const KeyHolderSetup& setup, const KeyProcessClient::Limits& limits);
    /// Every KeyHolderError.
    [[nodiscard]] static Result<HeldVault, KeyHolderFailure> open_vault(
        const KeyHolderSetup& setup, const KeyProcessClient::Limits& limits, ByteView file,
        UnlockSecrets secrets);

    Result<std::shared_ptr<IdentityKeys>, KeyError> generate() override;
    Result<Bytes, KeyError> seal_contacts(ByteView contacts) override;
    Result<void, KeyError> mix_entropy(ByteView entropy) override;
    [[nodiscard]] const KeyProtection& protection() const override { return protection_; }
    [[nodiscard]] int descriptor() const override { return client_->descriptor(); }
    std::optional<std::string> lost() override { return client_->lost(); }
    [[nodiscard]] bool memory_damaged() const override { return client_->memory_damaged(); }

    [[nodiscard]] int process_id() const { return client_->process_id(); }

  private:
    using Client = std::shared_ptr<KeyProcessClient>;
    IsolatedKeys(Client client, const KeyProtection& protection)
        : client_{std::move(client)}, protection_{protection} {}

    Client client_;
    KeyProtection protection_;
};

}  // namespace chat
