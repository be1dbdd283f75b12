#pragma once
/// perform() of key_custody.hpp in a helper process that ends afterwards. A PKCS#11 module or keyring library that crashes, hangs or
/// lies can reach the vault key that passes through it, but not the identity's keys; and nothing of it (threads, a connection to
/// D-Bus) stays in the process that asks. Protocol, over one ServiceChannel:
///     request:  task u8 | protector u8 | fresh id 16 | name u8 length | parameters u16 length | vault key u8 length (0 or 32) |
///               passphrase u16 length | TCTI u16 length | token URI u16 length, each followed by its bytes
///     answer:   error u8 (255: none) | vault key u8 length (0 or 32), bytes | parameters, to the end

#include <chrono>

#include "secure_key_manager/backends/key_custody.hpp"

namespace chat {

inline constexpr std::size_t max_custody_name = 32;
inline constexpr std::size_t least_custody_request = 1 + 1 + KeyringItemId::size + 1 + 2 + 1 + 2 + 2 + 2;
inline constexpr std::size_t most_custody_request =
    least_custody_request + max_custody_name + VaultHeader::max_parameters + VaultKey::size +
    UnlockSecrets::max_passphrase + 2 * HsmLocation::max_place;

/// argv[1] of the helper.
inline constexpr std::string_view custody_role = "custody-process";

/// Long enough for a person to answer the keyring's prompt.
inline constexpr std::chrono::seconds custody_patience{60};

/// As perform(); keyring_locked or HsmError::timed_out when nothing came of it within `patience`, keyring_failed or HsmError::failed
/// when the helper crashed, HsmError::bad_location or malformed when the request does not fit the bounds above.
[[nodiscard]] Result<Custody, VaultError> perform_apart(
    const CustodyRequest& request, std::chrono::milliseconds patience = custody_patience);

/// The helper's main: answers one request. Its exit status.
[[nodiscard]] int run_custody_process();

// The codec (custody_codec.cpp).
[[nodiscard]] bool fits(const CustodyRequest& request);
[[nodiscard]] SecretBuffer encode(const CustodyRequest& request);
[[nodiscard]] std::optional<CustodyRequest> decode_custody_request(ByteView bytes);
[[nodiscard]] SecretBuffer encode(const Result<Custody, VaultError>& answer);
/// Nothing when it is no answer.
[[nodiscard]] std::optional<Result<Custody, VaultError>> decode_custody_answer(ByteView bytes);

}  // namespace chat
