#include "secure_key_manager/isolation/keys/in_process_keys.hpp"

#include <cassert>

#include "crypto/mixing_rng.hpp"
#include "crypto/tested_system_rng.hpp"
#include "hybrid_kex/software_identity_keys.hpp"

namespace chat {
namespace {

/// Lives as long as the last of holder and identities.
struct Source {
    TestedSystemRng system;
    MixingRng rng{system};
};

struct HeldIdentity {
    std::shared_ptr<Source> source;
    std::unique_ptr<IdentityKeys> keys;
};

std::shared_ptr<IdentityKeys> share(std::shared_ptr<Source> source, std::unique_ptr<IdentityKeys> keys) {
    IdentityKeys* const raw = keys.get();
    return {std::make_shared<HeldIdentity>(HeldIdentity{std::move(source), std::move(keys)}), raw};
}

class InProcessKeys final : public KeyHolder {
  public:
    explicit InProcessKeys(const KeyProtection& protection) : protection_{protection} {
        protection_.own_process = false;
    }

    Result<std::shared_ptr<IdentityKeys>, KeyError> generate() override {
        return share(source_, SoftwareIdentityKeys::generate(source_->rng));
    }
    Result<Bytes, KeyError> seal_contacts(ByteView contacts) override {
        assert(sealer_);
        return sealer_->seal(contacts, source_->rng);
    }
    Result<void, KeyError> mix_entropy(ByteView entropy) override {
        source_->rng.mix_in(entropy);
        return {};
    }
    [[nodiscard]] const KeyProtection& protection() const override { return protection_; }
    [[nodiscard]] int descriptor() const override { return -1; }
    std::optional<std::string> lost() override { return std::nullopt; }

    [[nodiscard]] std::shared_ptr<IdentityKeys> take(OpenedVault vault) {
        sealer_.emplace(std::move(vault.sealer));
        return share(source_, std::make_unique<SoftwareIdentityKeys>(std::move(vault.secrets),
                                                                     vault.falcon_public, source_->rng));
    }

  private:
    KeyProtection protection_;
    std::shared_ptr<Source> source_ = std::make_shared<Source>();
    std::optional<VaultSealer> sealer_;
};

}  // namespace

std::unique_ptr<KeyHolder> hold_ephemeral_keys_in_this_process(const KeyProtection& protection) {
    return std::make_unique<InProcessKeys>(protection);
}

Result<HeldVault, KeyHolderFailure> hold_vault_in_this_process(const KeyProtection& protection, ByteView file,
                                                               UnlockSecrets secrets) {
    auto vault = unlock_vault(file, std::move(secrets));
    if (!vault) return fail(KeyHolderFailure{KeyHolderError::vault_refused, {}, vault.error()});
    auto holder = std::make_unique<InProcessKeys>(protection);
    Bytes contacts = std::move(vault->contacts);
    auto identity = holder->take(std::move(*vault));
    return HeldVault{std::move(holder), std::move(identity), std::move(contacts)};
}

}  // namespace chat
