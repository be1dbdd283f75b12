#pragma once
/// What one cell carries inside both encryption layers: the 1072-byte inner record (docs/protocol.md 8).
///     type u8 | flags u8 | pad length u8 (0..15) | pad | stream u32 | fragment index u16 | fragment count u16
///     | acknowledged u64 | length u16 | content (at most 1036) | random fill to 1072

#include <string_view>

#include "base/result.hpp"
#include "base/rng.hpp"
#include "base/secret.hpp"

namespace chat {

inline constexpr std::size_t inner_record_size = 1072;
inline constexpr std::size_t max_pad = 15;
inline constexpr std::size_t content_header_size = 21;
inline constexpr std::size_t max_content = inner_record_size - content_header_size - max_pad;
inline constexpr u16 max_fragments = 64;
inline constexpr std::size_t max_text = 64UL * 1024;
static_assert(max_content == 1036);
static_assert(max_text <= max_fragments * max_content);

enum class ContentType : u8 {
    text = 1,
    acknowledgement = 2,  ///< bare: starts no acknowledgement timer
    heartbeat = 3,
    filler = 4,  ///< cover traffic
    typing = 5,
    efk_announcement = 6,
    identity_rotation = 7,
    greeting = 8,  ///< the first cell of each side
    close = 9,
    reveal = 10,  ///< seed of a replaced EFK, only in a deniable session
    hardware_endorsement = 11,
};

enum class ContentError : u8 {
    unknown_type,
    reserved_flags,
    pad_too_long,
    no_fragments,
    too_many_fragments,
    index_beyond_count,
    length_beyond_room,
    fragmented_control,  ///< a type that is always one cell came in several
};
[[nodiscard]] std::string_view describe(ContentError error);

/// Everything of a record but its content bytes.
struct ContentHeader {
    ContentType type{};
    u32 stream = 0;
    u16 fragment_index = 0;
    u16 fragment_count = 1;
    u64 acknowledged = 0;
};

struct CellContent {
    ContentHeader header;
    SecretBuffer content;
};

/// Types that are one cell and say nothing that has to be delivered again.
[[nodiscard]] bool is_single_cell(ContentType type);

/// Writes the record; pad and fill are drawn from `rng`. content.size() <= max_content.
void encode_content(const ContentHeader& header, ByteView content, Rng& rng,
                    std::span<u8, inner_record_size> out);

/// Checks every rule of the table above before anything is copied.
[[nodiscard]] Result<CellContent, ContentError> decode_content(std::span<const u8, inner_record_size> record);

}  // namespace chat
