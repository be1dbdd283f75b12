// Plaintext of TLS records from a peer. The input is cut into records: a size u16 (times 64 when the top bit
// is set, so that bulk frames fit), a count u8, that many bytes, the last of which fills the record up to its
// size.

#include <algorithm>
#include <cstdlib>

#include "base/wire_reader.hpp"
#include "p2p_core/framing.hpp"

namespace {

using chat::Bytes;
using chat::ByteView;

Bytes next_record(chat::WireReader& in) {
    const unsigned field = in.read_u16();
    const std::size_t wanted = (field & 0x8000U) != 0 ? (field & 0x1FFU) * 64 : field;
    const std::size_t size = std::min(wanted, chat::frame::tls_record);
    const std::size_t given_size = std::min<std::size_t>(in.read_u8(), in.remaining());
    const ByteView given = in.read(given_size);
    Bytes record(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(std::min(size, given_size)));
    record.resize(size, record.empty() ? chat::u8{0} : record.back());
    return record;
}

void check(const chat::Frame& frame) {
    if (frame.body.size() != chat::frame_body_size(frame.kind)) std::abort();
    const Bytes wire = chat::encode_frame(frame.kind, frame.body);
    const auto again = chat::decode_frame(wire);
    if (!again || again->kind != frame.kind) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    chat::WireReader in{ByteView{data, size}};
    chat::FrameAssembler assembler;
    bool broken = false;
    for (int i = 0; i < 64 && in.remaining() >= 3; ++i) {
        const Bytes record = next_record(in);
        const auto frame = assembler.accept(record);
        if (broken && frame) std::abort();
        broken = !frame;
        if (frame && *frame) check(**frame);
    }
    return 0;
}
