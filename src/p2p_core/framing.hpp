#pragma once
/// How bytes become frames (docs/protocol.md 3 to 5). Before TLS: frames of fixed size with nothing around
/// them. Inside TLS: one kind byte, then a body whose length the kind fixes; one frame is one TLS record, a
/// bulk frame is four full ones.

#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace chat {

enum class FrameError : u8 {
    unknown_kind,
    wrong_length,
    empty_record,
    broken_bulk,  ///< a bulk frame's four records weren't full, or another frame came between
};
[[nodiscard]] std::string_view describe(FrameError error);

enum class FrameKind : u8 { bundle = 1, init = 2, resp = 3, alert = 4, cell = 5, resume = 6, bulk = 7 };
[[nodiscard]] std::string_view name_of(FrameKind kind);

namespace frame {

constexpr std::size_t tls_record = 16384;
constexpr std::size_t bulk_records = 4;

constexpr std::size_t kind_size = 1;
constexpr std::size_t bundle_body = 8194;
constexpr std::size_t init_body = 12642;
constexpr std::size_t resp_body = 4512;
constexpr std::size_t alert_body = 0;
constexpr std::size_t cell_body = 5632;
constexpr std::size_t resume_body = cell_body;
constexpr std::size_t bulk_body = bulk_records * tls_record - kind_size;

}  // namespace frame

/// Without the kind byte.
[[nodiscard]] std::size_t frame_body_size(FrameKind kind);
/// With it: what goes into one TLS write.
[[nodiscard]] std::size_t frame_size(FrameKind kind);

/// `body` has frame_body_size(kind) bytes; another length is a bug.
[[nodiscard]] Bytes encode_frame(FrameKind kind, ByteView body);

struct Frame {
    FrameKind kind;
    ByteView body;  ///< borrowed from what it was decoded from
};

/// Decodes a whole frame: known kind, exact length.
[[nodiscard]] Result<Frame, FrameError> decode_frame(ByteView bytes);

/// Puts the plaintext of TLS records together to frames. Holds at most one bulk frame (64 KiB), and memory
/// for it only from the first record of the first one on. After an error it refuses everything.
class FrameAssembler {
  public:
    /// One record's plaintext. A frame is given when it is whole; it borrows from `record` or from the
    /// assembler and holds until the next call. Empty while a bulk frame is under way.
    [[nodiscard]] Result<std::optional<Frame>, FrameError> accept(ByteView record);
    [[nodiscard]] bool inside_bulk() const {
        return !bulk_.empty() && bulk_.size() < frame_size(FrameKind::bulk);
    }

  private:
    [[nodiscard]] Result<std::optional<Frame>, FrameError> refuse(FrameError error);
    [[nodiscard]] Result<std::optional<Frame>, FrameError> accept_bulk(ByteView record);

    Bytes bulk_;
    std::optional<FrameError> broken_;
};

/// Collects exactly N bytes of a raw stream; what comes after them stays with the caller.
class FixedFrameReader {
  public:
    /// `size` > 0. No memory before the first byte, then exactly `size`.
    explicit FixedFrameReader(std::size_t size) : size_{size} {}

    /// Takes what is still missing from the front of `input` and moves it on. True once whole.
    bool read(ByteView& input);
    [[nodiscard]] bool complete() const { return frame_.size() == size_; }
    [[nodiscard]] std::size_t missing() const { return size_ - frame_.size(); }
    /// The bytes so far.
    [[nodiscard]] ByteView frame() const { return frame_; }
    /// Hands the whole frame over and begins the next one, of `next_size` bytes.
    [[nodiscard]] Bytes take(std::size_t next_size);

  private:
    std::size_t size_;
    Bytes frame_;
};

}  // namespace chat
