#include "quantcrypt/falcon1024/signature_codec.hpp"

#include <bit>
#include <cstring>

namespace chat::falcon1024 {
namespace {

constexpr unsigned low_bits = 7;
constexpr u32 low_mask = (1U << low_bits) - 1;
constexpr unsigned max_run = static_cast<unsigned>(max_signature_coefficient) >> low_bits;

u32 magnitude(i16 value) { return value < 0 ? static_cast<u32>(-value) : static_cast<u32>(value); }

/// Writes bits, most significant first, into a span known to be large enough.
class BitWriter {
  public:
    explicit BitWriter(MutableByteView out) : out_{out} {}

    /// count <= 24.
    void write(u32 value, unsigned count) {
        pending_ = (pending_ << count) | value;
        bits_ += count;
        while (bits_ >= 8) {
            bits_ -= 8;
            out_[position_++] = static_cast<u8>(pending_ >> bits_);
        }
    }
    /// Fills the last byte with zeros.
    void finish() {
        if (bits_ != 0) out_[position_++] = static_cast<u8>(pending_ << (8 - bits_));
    }

  private:
    MutableByteView out_;
    std::size_t position_ = 0;
    u64 pending_ = 0;
    unsigned bits_ = 0;
};

/// Keeps the next bits of the input at the top of a word.
class BitWindow {
  public:
    explicit BitWindow(ByteView in) : in_{in} {}

    /// At least 56 bits, or all that are left.
    void refill() {
        while (bits_ <= 56 && position_ < in_.size()) {
            window_ |= u64{in_[position_++]} << (56 - bits_);
            bits_ += 8;
        }
    }
    void skip(unsigned count) {
        window_ <<= count;
        bits_ -= count;
    }
    [[nodiscard]] u64 window() const { return window_; }
    [[nodiscard]] unsigned bits() const { return bits_; }
    /// Bytes begun so far; the rest of the last one is whatever left_over() says.
    [[nodiscard]] std::size_t bytes_used() const { return position_ - bits_ / 8; }
    [[nodiscard]] bool left_over_is_zero() const {
        const unsigned left = bits_ % 8;
        return left == 0 || window_ >> (64 - left) == 0;
    }

  private:
    ByteView in_;
    std::size_t position_ = 0;
    u64 window_ = 0;  ///< bits below the first bits_ are zero
    unsigned bits_ = 0;
};

Result<i16, FalconError> read_coefficient(BitWindow& in) {
    const u64 window = in.window();
    const unsigned available = in.bits();
    if (available < 2 + low_bits) return fail(FalconError::signature_truncated);
    const auto run = static_cast<unsigned>(std::countl_zero(window << (1 + low_bits)));
    const unsigned length = 1 + low_bits + run + 1;
    if (run > max_run || length > available) {
        const bool ends_early = available - 1 - low_bits <= max_run;
        return fail(ends_early ? FalconError::signature_truncated : FalconError::signature_out_of_range);
    }
    const auto size = static_cast<i16>((run << low_bits) | ((window >> 56U) & low_mask));
    const bool negative = window >> 63U != 0;
    if (negative && size == 0) return fail(FalconError::signature_minus_zero);
    in.skip(length);
    return static_cast<i16>(negative ? -size : size);
}

}  // namespace

std::optional<std::size_t> compress(MutableByteView out, std::span<const i16, n> s2) {
    std::size_t bits = n * (2 + low_bits);
    for (i16 value : s2) {
        if (magnitude(value) > max_signature_coefficient) return std::nullopt;
        bits += magnitude(value) >> low_bits;
    }
    const std::size_t size = (bits + 7) / 8;
    if (size > out.size()) return std::nullopt;

    BitWriter writer{out};
    for (i16 value : s2) {
        const u32 sign = value < 0 ? 1U : 0U;
        const u32 run = magnitude(value) >> low_bits;
        const u32 head = (sign << low_bits) | (magnitude(value) & low_mask);
        writer.write((head << (run + 1)) | 1U, 1 + low_bits + run + 1);
    }
    writer.finish();
    return size;
}

Result<std::size_t, FalconError> decompress(std::span<i16, n> s2, ByteView in) {
    BitWindow window{in};
    for (i16& value : s2) {
        window.refill();
        const auto read = read_coefficient(window);
        if (!read) return fail(read.error());
        value = *read;
    }
    if (!window.left_over_is_zero()) return fail(FalconError::signature_trailing_data);
    return window.bytes_used();
}

}  // namespace chat::falcon1024
