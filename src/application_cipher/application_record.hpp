#pragma once
/// One record of the application cipher (docs/protocol.md 7 and 8): nonce 24 | tag 16 | ciphertext 1072, XChaCha20-Poly1305, random
/// nonce, associated data = session id, direction, epoch, number.

#include "application_cipher/application_chain.hpp"
#include "base/cell_index.hpp"
#include "base/rng.hpp"

namespace chat {

inline constexpr std::size_t application_plaintext_size = 1072;
inline constexpr std::size_t application_nonce_size = 24;
inline constexpr std::size_t application_tag_size = 16;
inline constexpr std::size_t sealed_application_size =
    application_nonce_size + application_tag_size + application_plaintext_size;

using ApplicationPlaintextView = std::span<const u8, application_plaintext_size>;
using SealedApplicationView = std::span<const u8, sealed_application_size>;

/// Which record this is: the associated data.
struct ApplicationRecordPlace {
    SessionIdBytes session_id;
    Role sender{};
    CellIndex index;
};

/// Draws the nonce from `rng`; throws RngFailure.
void seal_record(const ApplicationMessageKey<Sending>& key, const ApplicationRecordPlace& place,
                 ApplicationPlaintextView plaintext, Rng& rng, std::span<u8, sealed_application_size> out);

/// False when `key` does not open it; `out` is all zero then.
[[nodiscard]] bool open_record(const ApplicationMessageKey<Receiving>& key,
                               const ApplicationRecordPlace& place, SealedApplicationView sealed,
                               std::span<u8, application_plaintext_size> out);

}  // namespace chat
