#include "double_ratchet/efk_announcement.hpp"

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"

namespace chat {

EfkAnnouncementBytes EfkAnnouncement::encode() const {
    EfkAnnouncementBytes bytes;
    WireWriter{bytes.bytes}.write_u32(index).write(public_key.bytes).write(signature.bytes);
    return bytes;
}

Result<EfkAnnouncement, CellError> EfkAnnouncement::decode(ByteView bytes) {
    WireReader in{bytes};
    EfkAnnouncement out;
    out.index = in.read_u32();
    in.read_into(out.public_key.bytes);
    in.read_into(out.signature.bytes);
    if (!in.ok_at_end()) return fail(CellError::efk_announcement_length);
    return out;
}

}  // namespace chat
