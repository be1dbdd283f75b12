#include "crypto/base32.hpp"

#include <cassert>

#include "base/guarded_memory.hpp"

namespace chat {
namespace {

constexpr u32 letters = 26;
constexpr u32 invalid = 0x80;  // beyond any 5-bit value

/// All ones when a < b, else zero; for values below 2^31, without a branch.
constexpr u32 mask_less(u32 a, u32 b) { return 0U - ((a - b) >> 31U); }

constexpr char to_character(u32 value) {
    const u32 is_letter = mask_less(value, letters);
    return static_cast<char>((is_letter & (value + 'A')) | (~is_letter & (value - letters + '2')));
}

constexpr u32 from_character(char character) {
    const u32 code = static_cast<u8>(character);
    const u32 is_letter = ~mask_less(code, 'A') & mask_less(code, 'Z' + 1);
    const u32 is_digit = ~mask_less(code, '2') & mask_less(code, '7' + 1);
    return (is_letter & (code - 'A')) | (is_digit & (code - '2' + letters)) |
           (~(is_letter | is_digit) & invalid);
}

}  // namespace

void base32_encode(ByteView bytes, std::span<char> out) {
    assert(out.size() == base32_encoded_size(bytes.size()));
    u32 buffer = 0;
    unsigned bits = 0;
    std::size_t next = 0;
    for (u8 byte : bytes) {
        buffer = (buffer << 8U) | byte;
        for (bits += 8; bits >= 5; bits -= 5) out[next++] = to_character((buffer >> (bits - 5)) & 31U);
    }
    if (bits > 0) out[next] = to_character((buffer << (5 - bits)) & 31U);
}

std::string base32_encode(ByteView bytes) {
    std::string out(base32_encoded_size(bytes.size()), '\0');
    base32_encode(bytes, out);
    return out;
}

Result<void, CryptoError> base32_decode(std::string_view text, MutableByteView out) {
    assert(out.size() == base32_decoded_size(text.size()));
    u32 buffer = 0;
    u32 seen = 0;
    unsigned bits = 0;
    std::size_t next = 0;
    for (char character : text) {
        const u32 value = from_character(character);
        seen |= value;
        buffer = (buffer << 5U) | (value & 31U);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            out[next++] = static_cast<u8>(buffer >> bits);
        }
    }
    const u32 trailing = buffer & ((1U << bits) - 1U);
    const bool impossible_length = bits >= 5;  // the last character carries no bit of a byte
    if (impossible_length || (seen & invalid) != 0 || trailing != 0) {
        guarded_memory::wipe(out);
        return fail(CryptoError::bad_base32);
    }
    return {};
}

Result<Bytes, CryptoError> base32_decode(std::string_view text) {
    Bytes out(base32_decoded_size(text.size()));
    if (const auto decoded = base32_decode(text, out); !decoded) return fail(decoded.error());
    return out;
}

}  // namespace chat
