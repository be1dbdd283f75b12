#pragma once
/// The system's keyring as a place for a vault key: Secret Service through libsecret, Keychain, Credential Manager. One
/// implementation per platform. Calls block, for as long as the person lets the keyring's prompt stand: the caller sees to the end of it.

#include "secure_key_manager/protector_parameters.hpp"

namespace chat {

/// The protector that stands for this platform's keyring.
[[nodiscard]] Protector keyring_of_this_platform();

/// `identity` is what the person sees in the keyring's own program. keyring_unavailable, keyring_locked, keyring_failed.
[[nodiscard]] Result<void, VaultError> store_in_keyring(const KeyringItemId& id, std::string_view identity,
                                                        const VaultKey& key);
/// As above, and keyring_item_missing.
[[nodiscard]] Result<VaultKey, VaultError> fetch_from_keyring(const KeyringItemId& id);
/// Looks again afterwards; an item that was not there is no error.
[[nodiscard]] Result<void, VaultError> remove_from_keyring(const KeyringItemId& id);

}  // namespace chat
