#pragma once
/// The file in which a kept identity rests, whatever protects its key (docs/storage.md, "Vault"):
///     magic "P2PVAULT" | version u8 | protector u8 | parameters u16 length, bytes | key check 32 | nonce 24 |
///     XChaCha20-Poly1305(content) | SHA-256 of everything before
/// Everything before the nonce is associated data. Content, padded with zeros to a multiple of 4096 bytes:
///     created u64 | FALCON-1024 secret key 2305 | FALCON-1024 public key 1793 | Ed25519 32 | X25519 32 | ML-KEM-1024 seed 64 |
///     contacts u32 length, bytes (contacts.hpp)
/// From the 32-byte vault key, HKDF-SHA256 makes the content key and the key check. The check tells a wrong key from a damaged
/// content, and binds a file to one key; the hash tells a file that was damaged by accident.

#include <string_view>

#include "base/result.hpp"
#include "base/rng.hpp"
#include "base/time.hpp"
#include "hybrid_kex/software_identity_keys.hpp"
#include "platform_hsm_interface/hsm.hpp"
#include "secure_key_manager/contacts.hpp"
#include "secure_key_manager/vault_error.hpp"

namespace chat {

/// Where the vault key comes from. The numbers are those in the file.
enum class Protector : u8 {
    passphrase = 1,          ///< Argon2id
    keyring = 2,             ///< Secret Service
    tpm = 3,                 ///< sealed by a TPM 2.0
    pkcs11 = 4,              ///< wrapped by a key in a token
    credential_manager = 5,  ///< Windows
    keychain = 6,            ///< macOS
};

/// What can be read without a key. The layout of `parameters` is the protector's own (protector_parameters.hpp).
struct VaultHeader {
    static constexpr std::size_t max_parameters = 8448;
    Protector protector = Protector::passphrase;
    Bytes parameters;
};

/// Content before encryption and padding, at its largest.
inline constexpr std::size_t vault_identity_size = 8 + 2305 + 1793 + 32 + 32 + 64;
inline constexpr std::size_t vault_padding = 4096;
inline constexpr std::size_t max_vault_content =
    (vault_identity_size + 4 + max_encoded_contacts + vault_padding - 1) / vault_padding * vault_padding;
/// No vault is larger; whoever reads a file stops here.
inline constexpr std::size_t max_vault_size =
    8 + 1 + 1 + 2 + VaultHeader::max_parameters + 32 + 24 + max_vault_content + 16 + 32;

/// Writes the vault again when its contacts changed. Holds the vault key and a second copy of the identity's secrets.
class VaultSealer {
  public:
    /// `header.parameters` has at most max_parameters bytes.
    VaultSealer(VaultHeader header, VaultKey key, const IdentitySecrets& secrets,
                const falcon1024::PublicKey& falcon_public, WallTime created);

    /// The whole file, under a fresh random nonce. `contacts` is encoded (contacts.hpp), at most max_encoded_contacts bytes.
    /// Throws RngFailure.
    [[nodiscard]] Bytes seal(ByteView contacts, Rng& rng) const;
    /// The same identity under another key from now on.
    void protect_by(VaultHeader header, VaultKey key);

    [[nodiscard]] const VaultHeader& header() const { return header_; }

  private:
    VaultHeader header_;
    VaultKey key_;
    SecretBuffer identity_;  ///< encoded, vault_identity_size bytes
};

struct OpenedVault {
    IdentitySecrets secrets;
    falcon1024::PublicKey falcon_public;
    WallTime created;
    Bytes contacts;  ///< encoded; decode_contacts() has accepted them
    VaultSealer sealer;
};

/// Magic, size, hash, version and structure, in this order: not_a_vault, too_large, damaged, newer_version, malformed.
[[nodiscard]] Result<VaultHeader, VaultError> read_vault_header(ByteView file);

/// As read_vault_header(), and wrong_key, forged.
[[nodiscard]] Result<OpenedVault, VaultError> open_vault(ByteView file, VaultKey key);

}  // namespace chat
