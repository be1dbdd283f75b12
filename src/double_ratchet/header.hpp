#pragma once
/// The encrypted header (docs/protocol.md 6), 3184 bytes of plaintext:
///     ratchet X25519 public 32 | ratchet ML-KEM public 1568 | KEM ciphertext 1568 | previous chain length u32 | message number u32
///     | epoch u32 | EFK index u32
/// Encrypted: nonce 24 | XChaCha20-Poly1305 under the chain's header key, associated data = session id and direction.

#include "base/cell_index.hpp"
#include "base/result.hpp"
#include "double_ratchet/cell.hpp"
#include "double_ratchet/cell_origin.hpp"
#include "double_ratchet/directed_keys.hpp"
#include "double_ratchet/ratchet_keys.hpp"

namespace chat {

/// What every header of a chain repeats.
struct ChainFields {
    RatchetPublicKeys keys;          ///< the sender's current ones
    MlKem1024Ciphertext ciphertext;  ///< to the receiver's latest ML-KEM key
    u32 previous_length = 0;         ///< of the sender's chain before
    bool operator==(const ChainFields&) const = default;
};

struct RatchetHeader {
    ChainFields chain;
    CellIndex index;
    u32 efk_index = 0;
    bool operator==(const RatchetHeader&) const = default;
};

using HeaderBytes = PublicBytes<struct HeaderBytesTag, header_size>;
using HeaderNonce = PublicBytes<struct HeaderNonceTag, 24>;

[[nodiscard]] HeaderBytes encode_header(const ChainFields& chain, CellIndex index, u32 efk_index);
/// Any 3184 bytes are a header; what its fields mean is checked by the ratchet.
[[nodiscard]] RatchetHeader decode_header(const HeaderBytes& bytes);

void seal_header(const HeaderKey<Sending>& key, const CellOrigin& origin, const HeaderNonce& nonce,
                 const HeaderBytes& header, std::span<u8, encrypted_header_size> out);
/// False when `key` does not open it; `out` is all zero then.
[[nodiscard]] bool open_header(const HeaderKey<Receiving>& key, const CellOrigin& origin,
                               EncryptedHeaderView sealed, HeaderBytes& out);

}  // namespace chat
