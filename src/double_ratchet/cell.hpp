#pragma once
/// The cell, as every message is on the wire (docs/protocol.md 8):
///     encrypted header 24 + 3184 + 16 | body ciphertext 1112 + 16 | FALCON signature 1280        = 5632

#include "base/bytes.hpp"

namespace chat {

inline constexpr std::size_t header_size = 3184;
inline constexpr std::size_t encrypted_header_size = 24 + header_size + 16;
/// application nonce 24 | application tag 16 | inner 1072.
inline constexpr std::size_t body_size = 1112;
inline constexpr std::size_t encrypted_body_size = body_size + 16;
inline constexpr std::size_t cell_signature_size = 1280;
inline constexpr std::size_t cell_size = 5632;
static_assert(encrypted_header_size + encrypted_body_size + cell_signature_size == cell_size);

using Cell = PublicBytes<struct CellTag, cell_size>;

using EncryptedHeaderView = std::span<const u8, encrypted_header_size>;
using EncryptedBodyView = std::span<const u8, encrypted_body_size>;

/// The three parts of a cell, borrowed.
struct CellParts {
    EncryptedHeaderView header;
    EncryptedBodyView body;
    std::span<const u8, cell_signature_size> signature;
};

[[nodiscard]] inline CellParts parts_of(std::span<const u8, cell_size> cell) {
    return {cell.first<encrypted_header_size>(), cell.subspan<encrypted_header_size, encrypted_body_size>(),
            cell.last<cell_signature_size>()};
}

}  // namespace chat
