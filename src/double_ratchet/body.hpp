#pragma once
/// The body of a cell (docs/protocol.md 6): AES-256-GCM under keys expanded from the message key, associated data = session id,
/// direction, encrypted header.
///     AES-256 key 32 | nonce 12 = HKDF-SHA512(-, message key, label, 44)

#include "double_ratchet/cell.hpp"
#include "double_ratchet/cell_origin.hpp"
#include "double_ratchet/directed_keys.hpp"
#include "double_ratchet/seal_observer.hpp"

namespace chat {

/// A message key seals one body, ever. `observer` may be null.
void seal_body(const MessageKey<Sending>& key, const CellOrigin& origin, EncryptedHeaderView header,
               std::span<const u8, body_size> body, std::span<u8, encrypted_body_size> out,
               SealObserver* observer);

/// False when `key` does not open it; `out` is all zero then.
[[nodiscard]] bool open_body(const MessageKey<Receiving>& key, const CellOrigin& origin,
                             EncryptedHeaderView header, EncryptedBodyView sealed,
                             std::span<u8, body_size> out);

}  // namespace chat
