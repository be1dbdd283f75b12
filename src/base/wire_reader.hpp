#pragma once
/// The one parser of bytes from a peer. It never reads past its span and never allocates; once a read failed every later one
/// fails too, so a decoder may read all fields and ask ok_at_end() once. Integers are big-endian.

#include "base/bytes.hpp"

namespace chat {

class WireReader {
  public:
    explicit WireReader(ByteView input) : rest_{input} {}

    [[nodiscard]] u8 read_u8() { return static_cast<u8>(read_integer(1)); }
    [[nodiscard]] u16 read_u16() { return static_cast<u16>(read_integer(2)); }
    [[nodiscard]] u32 read_u32() { return static_cast<u32>(read_integer(4)); }
    [[nodiscard]] u64 read_u64() { return read_integer(8); }

    /// The next `size` bytes, borrowed from the input; empty when there are fewer.
    [[nodiscard]] ByteView read(std::size_t size) {
        if (failed_ || size > rest_.size()) {
            failed_ = true;
            return {};
        }
        const ByteView out = rest_.first(size);
        rest_ = rest_.subspan(size);
        return out;
    }
    /// Fills `out` whole; leaves it as it is when there are fewer bytes.
    void read_into(MutableByteView out) {
        const ByteView in = read(out.size());
        std::copy(in.begin(), in.end(), out.begin());
    }
    template <class P>
    [[nodiscard]] P read_bytes() {
        P out;
        read_into(out.bytes);
        return out;
    }

    [[nodiscard]] std::size_t remaining() const { return rest_.size(); }
    [[nodiscard]] bool ok() const { return !failed_; }
    /// Every read succeeded and no byte is left over.
    [[nodiscard]] bool ok_at_end() const { return !failed_ && rest_.empty(); }

  private:
    [[nodiscard]] u64 read_integer(std::size_t size) {
        u64 out = 0;
        for (u8 byte : read(size)) out = (out << 8U) | byte;
        return out;
    }
    ByteView rest_;
    bool failed_ = false;
};

}  // namespace chat
