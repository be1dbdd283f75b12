#pragma once
/// What the key process is asked and what it answers (docs/keys.md, "Protocol of the key process"). Every message is one ServiceFrame:
/// its kind says which lengths it may have, before anything is read; every encoding is the only one of its message.
///
/// A start request comes first, exactly one: start_ephemeral or open_vault. Identities live in slots, which the key process numbers.

#include <string_view>
#include <variant>

#include "hybrid_kex/identity_keys.hpp"
#include "secure_key_manager/isolation/keys/key_protection.hpp"
#include "secure_key_manager/isolation/service/service_channel.hpp"
#include "secure_key_manager/unlock_vault.hpp"

namespace chat::key_protocol {

using Slot = u32;

// Requests. In brackets: the body.

/// No identity is kept: only generate makes some. []
struct StartEphemeral {};
/// [file u32 length, bytes | passphrase u16 length, bytes | TCTI u16 length, text | token URI u16 length, text]
struct OpenVaultFile {
    Bytes file;
    UnlockSecrets secrets;
};
/// A fresh identity. []
struct Generate {};
/// The identity's keys are wiped. [slot u32]
struct Forget {
    Slot slot{};
};
/// [slot u32 | statement as in identity_statement.hpp]
struct Sign {
    Slot slot{};
    IdentityStatement statement;
};
/// [slot u32 | X25519 public key 32]
struct Agree {
    Slot slot{};
    X25519PublicKey peer;
};
/// [slot u32 | ML-KEM-1024 ciphertext 1568]
struct Decapsulate {
    Slot slot{};
    MlKem1024Ciphertext ciphertext;
};
/// The vault with these contacts instead of those before. [contacts, encoded]
struct SealContacts {
    Bytes contacts;
};
/// Entropy from elsewhere, mixed into the key process's own. [1 to 4096 bytes]
struct MixEntropy {
    SecretBuffer entropy;
};
using KeyRequest = std::variant<StartEphemeral, OpenVaultFile, Generate, Forget, Sign, Agree, Decapsulate,
                                SealContacts, MixEntropy>;

// Replies.

/// To start_ephemeral. [protection 2: flags u8, Landlock ABI u8]
struct Started {
    KeyProtection protection;
};
/// To open_vault. [protection 2 | slot u32 | identity_public 3425 | contacts, encoded]
struct Opened {
    KeyProtection protection;
    Slot slot{};
    IdentityPublic identity;
    Bytes contacts;
};
/// To open_vault; the process ends. [VaultError u8]
struct VaultRefused {
    VaultError error{};
};
/// [slot u32 | identity_public 3425]
struct Generated {
    Slot slot{};
    IdentityPublic identity;
};
/// [composite signature 1344]
struct Signed {
    CompositeSignature signature;
};
/// [shared secret 32]
struct Agreed {
    X25519SharedSecret secret;
};
/// [shared secret 32]
struct Decapsulated {
    MlKem1024SharedSecret secret;
};
/// [vault file]
struct Sealed {
    Bytes file;
};
/// To forget and mix_entropy. []
struct Done {};
/// The holder could not do it, and goes on. [KeyError u8]
struct Refused {
    KeyError error{};
};
using KeyReply = std::variant<Started, Opened, VaultRefused, Generated, Signed, Agreed, Decapsulated, Sealed,
                              Done, Refused>;

inline constexpr std::size_t max_entropy = 4096;

/// Printable ASCII, at most HsmLocation::max_place bytes.
[[nodiscard]] bool is_place(std::string_view text);

/// For ServiceChannel::receive().
[[nodiscard]] std::optional<BodySizes> request_sizes(u8 kind);
[[nodiscard]] std::optional<BodySizes> reply_sizes(u8 kind);

enum class KeyProtocolError : u8 {
    unknown_kind,
    wrong_length,   ///< of the body, or of a part inside it
    bad_statement,  ///< nothing that an identity signs (StatementError)
    bad_text,       ///< a TCTI or URI with characters outside printable ASCII
    bad_identity,   ///< an identity whose keys are in no valid encoding
    bad_code,       ///< a KeyError, VaultError or protection flag that nobody knows
};
/// One line for the user.
[[nodiscard]] std::string_view describe(KeyProtocolError error);

/// What is encoded must keep to the limits above: a longer passphrase, for example, is a bug here and refused where it is typed.
[[nodiscard]] ServiceFrame encode(const KeyRequest& request);
[[nodiscard]] ServiceFrame encode(const KeyReply& reply);
/// Every KeyProtocolError but bad_identity and bad_code.
[[nodiscard]] Result<KeyRequest, KeyProtocolError> decode_request(u8 kind, ByteView body);
/// unknown_kind, wrong_length, bad_identity, bad_code.
[[nodiscard]] Result<KeyReply, KeyProtocolError> decode_reply(u8 kind, ByteView body);

}  // namespace chat::key_protocol
