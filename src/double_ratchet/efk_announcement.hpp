#pragma once
/// The message that replaces a signing key (docs/protocol.md 6, "EFK replacement"):
///     index u32 | new public key 1793 | signature by the EFK before it 1280        = 3077

#include "base/result.hpp"
#include "base/roles.hpp"
#include "double_ratchet/cell_signature.hpp"
#include "double_ratchet/error.hpp"

namespace chat {

inline constexpr std::size_t efk_announcement_size =
    4 + falcon1024::public_key_size + falcon1024::padded_signature_size;
static_assert(efk_announcement_size == 3077);

using EfkAnnouncementBytes = PublicBytes<struct EfkAnnouncementTag, efk_announcement_size>;

struct EfkAnnouncement {
    u32 index = 0;
    falcon1024::PublicKey public_key;
    falcon1024::PaddedSignature signature;

    [[nodiscard]] EfkAnnouncementBytes encode() const;
    /// CellError::efk_announcement_length. The key is not looked at.
    [[nodiscard]] static Result<EfkAnnouncement, CellError> decode(ByteView bytes);
};

}  // namespace chat
