#include "secure_p2p/conversation/cell_content.hpp"

#include <cassert>

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"

namespace chat {
namespace {

bool is_known(u8 type) {
    return type >= static_cast<u8>(ContentType::text) &&
           type <= static_cast<u8>(ContentType::hardware_endorsement);
}

}  // namespace

std::string_view describe(ContentError error) {
    switch (error) {
        case ContentError::unknown_type: return "a message of a kind this version does not know";
        case ContentError::reserved_flags: return "reserved flags are set in a message";
        case ContentError::pad_too_long: return "a message's padding is longer than 15 bytes";
        case ContentError::no_fragments: return "a message says it has no fragments";
        case ContentError::too_many_fragments: return "a message says it has more than 64 fragments";
        case ContentError::index_beyond_count: return "a fragment's index is beyond the message's end";
        case ContentError::length_beyond_room: return "a message is longer than its cell";
        case ContentError::fragmented_control: return "a control message came in fragments";
    }
    return "";
}

bool is_single_cell(ContentType type) {
    switch (type) {
        case ContentType::text:
        case ContentType::efk_announcement:
        case ContentType::identity_rotation: return false;
        default: return true;
    }
}

void encode_content(const ContentHeader& header, ByteView content, Rng& rng,
                    std::span<u8, inner_record_size> out) {
    assert(content.size() <= max_content);
    rng.fill(out);
    const u8 pad = out[2] & static_cast<u8>(max_pad);
    WireWriter writer{out};
    writer.write_u8(static_cast<u8>(header.type)).write_u8(0).write_u8(pad);
    static_cast<void>(writer.take(pad));
    writer.write_u32(header.stream)
        .write_u16(header.fragment_index)
        .write_u16(header.fragment_count)
        .write_u64(header.acknowledged)
        .write_u16(static_cast<u16>(content.size()))
        .write(content);
}

Result<CellContent, ContentError> decode_content(std::span<const u8, inner_record_size> record) {
    WireReader reader{record};
    const u8 type = reader.read_u8();
    const u8 flags = reader.read_u8();
    const u8 pad = reader.read_u8();
    if (!is_known(type)) return fail(ContentError::unknown_type);
    if (flags != 0) return fail(ContentError::reserved_flags);
    if (pad > max_pad) return fail(ContentError::pad_too_long);
    static_cast<void>(reader.read(pad));
    CellContent out;
    out.header.type = static_cast<ContentType>(type);
    out.header.stream = reader.read_u32();
    out.header.fragment_index = reader.read_u16();
    out.header.fragment_count = reader.read_u16();
    out.header.acknowledged = reader.read_u64();
    const std::size_t length = reader.read_u16();
    if (out.header.fragment_count == 0) return fail(ContentError::no_fragments);
    if (out.header.fragment_count > max_fragments) return fail(ContentError::too_many_fragments);
    if (out.header.fragment_index >= out.header.fragment_count) return fail(ContentError::index_beyond_count);
    if (is_single_cell(out.header.type) && out.header.fragment_count != 1) {
        return fail(ContentError::fragmented_control);
    }
    if (length > max_content || length > reader.remaining()) return fail(ContentError::length_beyond_room);
    out.content = SecretBuffer::copy_of(reader.read(length));
    return out;
}

}  // namespace chat
