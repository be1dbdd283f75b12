#include "p2p_core/framing.hpp"

#include <cassert>
#include <utility>

namespace chat {

namespace {

std::optional<FrameKind> kind_of(u8 byte) {
    if (byte < static_cast<u8>(FrameKind::bundle) || byte > static_cast<u8>(FrameKind::bulk))
        return std::nullopt;
    return static_cast<FrameKind>(byte);
}

}  // namespace

std::string_view describe(FrameError error) {
    switch (error) {
        case FrameError::unknown_kind: return "the peer sent a frame of an unknown kind";
        case FrameError::wrong_length: return "the peer sent a frame of a wrong length";
        case FrameError::empty_record: return "the peer sent an empty record";
        case FrameError::broken_bulk: return "the peer sent a broken file frame";
    }
    return "unknown error";
}

std::string_view name_of(FrameKind kind) {
    switch (kind) {
        case FrameKind::bundle: return "bundle";
        case FrameKind::init: return "init";
        case FrameKind::resp: return "resp";
        case FrameKind::alert: return "alert";
        case FrameKind::cell: return "cell";
        case FrameKind::resume: return "resume";
        case FrameKind::bulk: return "bulk";
    }
    return "unknown";
}

std::size_t frame_body_size(FrameKind kind) {
    switch (kind) {
        case FrameKind::bundle: return frame::bundle_body;
        case FrameKind::init: return frame::init_body;
        case FrameKind::resp: return frame::resp_body;
        case FrameKind::alert: return frame::alert_body;
        case FrameKind::cell: return frame::cell_body;
        case FrameKind::resume: return frame::resume_body;
        case FrameKind::bulk: return frame::bulk_body;
    }
    assert(false);
    return 0;
}

std::size_t frame_size(FrameKind kind) { return frame::kind_size + frame_body_size(kind); }

Bytes encode_frame(FrameKind kind, ByteView body) {
    assert(body.size() == frame_body_size(kind));
    Bytes out;
    out.reserve(frame_size(kind));
    out.push_back(static_cast<u8>(kind));
    append(out, body);
    return out;
}

Result<Frame, FrameError> decode_frame(ByteView bytes) {
    if (bytes.empty()) return fail(FrameError::empty_record);
    const auto kind = kind_of(bytes.front());
    if (!kind) return fail(FrameError::unknown_kind);
    if (bytes.size() != frame_size(*kind)) return fail(FrameError::wrong_length);
    return Frame{*kind, bytes.subspan(frame::kind_size)};
}

Result<std::optional<Frame>, FrameError> FrameAssembler::refuse(FrameError error) {
    broken_ = error;
    bulk_ = {};
    return fail(error);
}

Result<std::optional<Frame>, FrameError> FrameAssembler::accept(ByteView record) {
    if (broken_) return fail(*broken_);
    if (record.empty()) return refuse(FrameError::empty_record);
    if (bulk_.size() == frame_size(FrameKind::bulk)) bulk_.clear();
    const bool begins_bulk = record.front() == static_cast<u8>(FrameKind::bulk);
    if (inside_bulk() || begins_bulk) return accept_bulk(record);
    const auto decoded = decode_frame(record);
    if (!decoded) return refuse(decoded.error());
    return std::optional<Frame>{*decoded};
}

Result<std::optional<Frame>, FrameError> FrameAssembler::accept_bulk(ByteView record) {
    if (record.size() != frame::tls_record) return refuse(FrameError::broken_bulk);
    bulk_.reserve(frame_size(FrameKind::bulk));
    append(bulk_, record);
    if (inside_bulk()) return std::optional<Frame>{};
    return std::optional<Frame>{Frame{FrameKind::bulk, ByteView{bulk_}.subspan(frame::kind_size)}};
}

bool FixedFrameReader::read(ByteView& input) {
    const std::size_t taken = std::min(missing(), input.size());
    if (taken > 0) frame_.reserve(size_);
    append(frame_, input.first(taken));
    input = input.subspan(taken);
    return complete();
}

Bytes FixedFrameReader::take(std::size_t next_size) {
    assert(complete());
    size_ = next_size;
    return std::exchange(frame_, Bytes{});
}

}  // namespace chat
