#include "secure_key_manager/unlock_vault.hpp"

#include "secure_key_manager/backends/custody_process.hpp"

namespace chat {
namespace {

Result<VaultKey, VaultError> key_from_passphrase(const PassphraseParameters& parameters,
                                                 ByteView passphrase) {
    VaultKey key;
    if (!argon2id(passphrase, parameters.salt, parameters.cost, key.expose_mutable())) {
        return fail(VaultError::no_memory);
    }
    return key;
}

UnlockSecrets clone(const UnlockSecrets& secrets) {
    return {SecretBuffer::copy_of(secrets.passphrase.expose()), secrets.tcti, secrets.token_uri};
}

Result<VaultKey, VaultError> fetch(const VaultHeader& header, UnlockSecrets secrets) {
    if (header.protector == Protector::passphrase) {
        const auto parameters = decode_passphrase_parameters(header.parameters);
        if (!parameters) return fail(parameters.error());
        return key_from_passphrase(*parameters, secrets.passphrase.expose());
    }
    CustodyRequest request;
    request.task = CustodyTask::fetch;
    request.protector = header.protector;
    request.parameters = header.parameters;
    request.secrets = std::move(secrets);
    auto custody = perform_apart(request);
    if (!custody) return fail(custody.error());
    if (!custody->key) return fail(VaultError::malformed);
    return std::move(*custody->key);
}

Result<NewProtection, VaultError> by_passphrase(ByteView passphrase, Rng& rng, Argon2idCost cost) {
    const PassphraseParameters parameters{cost, rng.bytes<Argon2idSalt>()};
    const Bytes encoded = encode(parameters);
    if (const auto sane = decode_passphrase_parameters(encoded); !sane) return fail(sane.error());
    auto key = key_from_passphrase(parameters, passphrase);
    if (!key) return fail(key.error());
    return NewProtection{{Protector::passphrase, encoded}, std::move(*key)};
}

/// A fresh vault key given into custody.
Result<NewProtection, VaultError> by_custody(CustodyRequest request, Rng& rng) {
    auto key = rng.secret<VaultKey>();
    request.key = SecretBuffer::copy_of(key.expose());
    request.fresh_id = rng.bytes<KeyringItemId>();
    auto custody = perform_apart(request);
    if (!custody) return fail(custody.error());
    return NewProtection{{request.protector, std::move(custody->parameters)}, std::move(key)};
}

}  // namespace

Result<OpenedVault, VaultError> unlock_vault(ByteView file, UnlockSecrets secrets) {
    const auto header = read_vault_header(file);
    if (!header) return fail(header.error());
    auto key = fetch(*header, std::move(secrets));
    if (!key) return fail(key.error());
    auto opened = open_vault(file, std::move(*key));
    if (!opened && opened.error() == VaultError::wrong_key && header->protector == Protector::passphrase) {
        return fail(VaultError::wrong_passphrase);
    }
    return opened;
}

Result<NewProtection, VaultError> protect_vault(Protector protector, std::string_view name,
                                                const UnlockSecrets& secrets, Rng& rng, Argon2idCost cost) {
    if (protector == Protector::passphrase) return by_passphrase(secrets.passphrase.expose(), rng, cost);
    CustodyRequest request;
    request.task = CustodyTask::make;
    request.protector = protector;
    request.name = name;
    request.secrets = clone(secrets);
    return by_custody(std::move(request), rng);
}

Result<NewProtection, VaultError> protect_again(const VaultHeader& header, std::string_view name,
                                                const UnlockSecrets& secrets, Rng& rng, Argon2idCost cost) {
    if (header.protector == Protector::passphrase) {
        return by_passphrase(secrets.passphrase.expose(), rng, cost);
    }
    CustodyRequest request;
    request.task = CustodyTask::renew;
    request.protector = header.protector;
    request.name = name;
    request.parameters = header.parameters;
    request.secrets = clone(secrets);
    return by_custody(std::move(request), rng);
}

Result<void, VaultError> destroy_protection(const VaultHeader& header, const UnlockSecrets& secrets) {
    if (header.protector == Protector::passphrase) return {};
    CustodyRequest request;
    request.task = CustodyTask::destroy;
    request.protector = header.protector;
    request.parameters = header.parameters;
    request.secrets = clone(secrets);
    const auto custody = perform_apart(request);
    if (!custody) return fail(custody.error());
    return {};
}

}  // namespace chat
