#pragma once
/// Vault keys that something outside this program keeps: keyring, TPM, token. The modules and libraries that reach them run in a
/// short-lived helper process (custody_process.hpp), which sees the vault key and nothing else.

#include <optional>

#include "secure_key_manager/unlock_vault.hpp"

namespace chat {

enum class CustodyTask : u8 {
    make = 1,  ///< keyring item or device keys for a new vault key
    renew =
        2,  ///< another vault key under the same device keys; a keyring gets a new item beside the old one
    fetch = 3,    ///< the vault key
    destroy = 4,  ///< of the keyring item, of the device keys
};

struct CustodyRequest {
    CustodyTask task{};
    Protector protector{};
    std::string name;        ///< of the identity, for make and renew
    Bytes parameters;        ///< of the vault; for all but make
    SecretBuffer key;        ///< the 32-byte vault key, for make and renew
    KeyringItemId fresh_id;  ///< random, for make and renew
    UnlockSecrets secrets;
};

/// make and renew give parameters, fetch gives the key.
struct Custody {
    Bytes parameters;
    std::optional<VaultKey> key;
};

/// In this process.
[[nodiscard]] Result<Custody, VaultError> perform(CustodyRequest request);

}  // namespace chat
