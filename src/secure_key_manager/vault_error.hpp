#pragma once
/// Why a vault could not be opened, made or destroyed.

#include <optional>
#include <string_view>

#include "platform_hsm_interface/hsm.hpp"

namespace chat {

enum class VaultError : u8 {
    // the file
    not_a_vault,    ///< does not begin with the magic
    too_large,      ///< larger than any vault
    damaged,        ///< cut short, or the hash at its end does not match: changed by accident
    newer_version,  ///< written by a later version of the program
    malformed,      ///< the hash matches, yet the structure is none
    // the key
    wrong_key,  ///< the device or keyring gave another vault's key
    wrong_passphrase,
    forged,          ///< the right key, but the content was changed on purpose: the hash was made anew
    excessive_cost,  ///< the file asks for more memory or time than any vault of ours
    no_memory,       ///< the system does not give the memory that Argon2id needs
    // the keyring of the system
    keyring_unavailable,  ///< no D-Bus session, or nobody there who keeps secrets
    keyring_locked,       ///< the person refused to unlock it, or did not in time
    keyring_item_missing,
    keyring_failed,
    not_on_this_platform,  ///< the protector exists on another system only
    /// TPM or token: this value plus that of the HsmError. See of_device().
    first_of_device = 128,
};
[[nodiscard]] VaultError of_device(HsmError error);
[[nodiscard]] std::optional<HsmError> device_error(VaultError error);
/// From a byte that another process sent; nothing when it stands for no error.
[[nodiscard]] std::optional<VaultError> vault_error(u8 value);
/// One line for the user.
[[nodiscard]] std::string_view describe(VaultError error);

}  // namespace chat
