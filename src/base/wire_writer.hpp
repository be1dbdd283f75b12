#pragma once
/// Writes into a span whose size the caller fixed; the mirror of wire_reader.hpp. Running over is a bug and asserts, since
/// every message has a size known at compile time. Integers are big-endian.

#include <cassert>

#include "base/bytes.hpp"

namespace chat {

class WireWriter {
  public:
    explicit WireWriter(MutableByteView output) : rest_{output} {}

    WireWriter& write_u8(u8 value) { return write_integer(value, 1); }
    WireWriter& write_u16(u16 value) { return write_integer(value, 2); }
    WireWriter& write_u32(u32 value) { return write_integer(value, 4); }
    WireWriter& write_u64(u64 value) { return write_integer(value, 8); }
    WireWriter& write(ByteView bytes) {
        const MutableByteView out = take(bytes.size());
        std::copy(bytes.begin(), bytes.end(), out.begin());
        return *this;
    }
    /// The next `size` bytes for the caller to fill.
    [[nodiscard]] MutableByteView take(std::size_t size) {
        assert(size <= rest_.size());
        const MutableByteView out = rest_.first(size);
        rest_ = rest_.subspan(size);
        return out;
    }
    [[nodiscard]] std::size_t remaining() const { return rest_.size(); }

  private:
    WireWriter& write_integer(u64 value, std::size_t size) {
        const MutableByteView out = take(size);
        for (std::size_t i = size; i-- > 0; value >>= 8U) out[i] = static_cast<u8>(value);
        return *this;
    }
    MutableByteView rest_;
};

}  // namespace chat
