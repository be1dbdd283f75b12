#include "secure_key_manager/vault_error.hpp"

namespace chat {

static_assert(static_cast<u8>(VaultError::not_on_this_platform) <
              static_cast<u8>(VaultError::first_of_device));

VaultError of_device(HsmError error) {
    return static_cast<VaultError>(static_cast<u8>(VaultError::first_of_device) + static_cast<u8>(error));
}

std::optional<HsmError> device_error(VaultError error) {
    if (error < VaultError::first_of_device || error > of_device(HsmError::failed)) return std::nullopt;
    return static_cast<HsmError>(static_cast<u8>(error) - static_cast<u8>(VaultError::first_of_device));
}

std::optional<VaultError> vault_error(u8 value) {
    const auto out = static_cast<VaultError>(value);
    if (out > VaultError::not_on_this_platform && !device_error(out)) return std::nullopt;
    return out;
}

std::string_view describe(VaultError error) {
    if (const auto device = device_error(error)) return describe(*device);
    switch (error) {
        case VaultError::not_a_vault: return "not a vault of this program";
        case VaultError::too_large: return "larger than any vault";
        case VaultError::damaged: return "damaged: it was cut short or changed since it was written";
        case VaultError::newer_version: return "written by a newer version of this program";
        case VaultError::malformed: return "not in the form of a vault, though its checksum is right";
        case VaultError::wrong_key: return "the stored key belongs to another vault";
        case VaultError::wrong_passphrase: return "wrong passphrase";
        case VaultError::forged:
            return "changed on purpose: the key is right, but the content is not authentic";
        case VaultError::excessive_cost: return "it asks for more memory or time than any vault may";
        case VaultError::no_memory: return "the system does not give the memory that the passphrase needs";
        case VaultError::keyring_unavailable:
            return "no keyring answers: is a D-Bus session with a Secret Service running?";
        case VaultError::keyring_locked: return "the keyring is locked, and was not unlocked in time";
        case VaultError::keyring_item_missing: return "the keyring does not hold the key of this vault";
        case VaultError::keyring_failed: return "the keyring failed";
        case VaultError::not_on_this_platform:
            return "its key is kept in a way that this system does not have";
        case VaultError::first_of_device: break;  // handled above
    }
    return "";
}

}  // namespace chat
