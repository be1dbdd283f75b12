#pragma once
/// What a vault's header holds for each protector, enough to get its key again together with a passphrase, PIN or unlocked keyring:
///     passphrase:                             Argon2id memory in KiB u32 | passes u32 | salt 16
///     keyring, credential manager, keychain:  item id 16
///     TPM, token:                             handle u16 length, bytes | wrapped key u16 length, bytes | description u8 length,
///                                             text: manufacturer and model as the device gave them when the identity was made

#include <string>

#include "crypto/argon2id.hpp"
#include "secure_key_manager/vault.hpp"

namespace chat {

/// Of a new vault; docs/storage.md has the measurement.
inline constexpr Argon2idCost default_argon2id_cost{256 * 1024, 3};
/// Of any vault: a file can't make its reader take more.
inline constexpr Argon2idCost max_argon2id_cost{1024 * 1024, 16};

struct PassphraseParameters {
    Argon2idCost cost;
    Argon2idSalt salt;
    bool operator==(const PassphraseParameters&) const = default;
};
[[nodiscard]] Bytes encode(const PassphraseParameters& parameters);
/// malformed, excessive_cost.
[[nodiscard]] Result<PassphraseParameters, VaultError> decode_passphrase_parameters(ByteView bytes);

/// Random, so that it says nothing about the identity.
using KeyringItemId = PublicBytes<struct KeyringItemIdTag, 16>;
/// malformed.
[[nodiscard]] Result<KeyringItemId, VaultError> decode_item_id(ByteView bytes);

struct DeviceParameters {
    static constexpr std::size_t max_handle = Hsm::max_handle_size;
    static constexpr std::size_t max_wrapped = Hsm::max_wrapped_size;
    static constexpr std::size_t max_description = 128;
    static_assert(2 + max_handle + 2 + max_wrapped + 1 + max_description <= VaultHeader::max_parameters);
    Bytes handle;
    Bytes wrapped;
    std::string description;  ///< printable ASCII
    bool operator==(const DeviceParameters&) const = default;
};
/// Within the bounds above.
[[nodiscard]] Bytes encode(const DeviceParameters& parameters);
/// malformed.
[[nodiscard]] Result<DeviceParameters, VaultError> decode_device_parameters(ByteView bytes);

}  // namespace chat
