#pragma once
/// Gets the vault key from whatever protects it, and opens the vault. Does I/O with keyring or device, and takes the time of
/// Argon2id: for the key process before it is confined, and for the `identity` command.

#include <string>

#include "secure_key_manager/protector_parameters.hpp"
#include "secure_key_manager/vault.hpp"

namespace chat {

/// What only the person knows, and where the device is. What a protector does not need stays empty.
struct UnlockSecrets {
    static constexpr std::size_t max_passphrase = 1024;  ///< bytes
    SecretBuffer passphrase;                             ///< or PIN
    std::string tcti;                                    ///< TPM: TCTI string, empty for the default
    std::string token_uri;  ///< token: PKCS#11 URI (RFC 7512), empty for the default
};

/// Every VaultError.
[[nodiscard]] Result<OpenedVault, VaultError> unlock_vault(ByteView file, UnlockSecrets secrets);

/// A fresh vault key, and the header that leads to it again: a keyring item or device keys are made on the way. `name` is what
/// the keyring or device shows for it. Throws RngFailure; excessive_cost and the errors of the protector.
struct NewProtection {
    VaultHeader header;
    VaultKey key;
};
[[nodiscard]] Result<NewProtection, VaultError> protect_vault(Protector protector, std::string_view name,
                                                              const UnlockSecrets& secrets, Rng& rng,
                                                              Argon2idCost cost = default_argon2id_cost);

/// Another vault key under the same protector: a new passphrase and salt, a new keyring item, or a fresh key wrapped by the same
/// device key.
[[nodiscard]] Result<NewProtection, VaultError> protect_again(const VaultHeader& header,
                                                              std::string_view name,
                                                              const UnlockSecrets& secrets, Rng& rng,
                                                              Argon2idCost cost = default_argon2id_cost);

/// Destroys what lies outside the file: the keyring item, the keys in the device. Nothing of the kind is no error.
[[nodiscard]] Result<void, VaultError> destroy_protection(const VaultHeader& header,
                                                          const UnlockSecrets& secrets);

}  // namespace chat
