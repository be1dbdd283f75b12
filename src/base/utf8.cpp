#include "base/utf8.hpp"

namespace chat {
namespace {

struct Lead {
    std::size_t length = 0;
    char32_t bits = 0;
    char32_t least = 0;  ///< below it the form is overlong
};

Lead decode_lead(u8 byte) {
    if (byte < 0x80U) return {1, byte, 0};
    if ((byte & 0xE0U) == 0xC0U) return {2, byte & 0x1FU, 0x80};
    if ((byte & 0xF0U) == 0xE0U) return {3, byte & 0x0FU, 0x800};
    if ((byte & 0xF8U) == 0xF0U) return {4, byte & 0x07U, 0x10000};
    return {};
}

}  // namespace

std::optional<char32_t> next_code_point(ByteView& text) {
    if (text.empty()) return std::nullopt;
    const Lead lead = decode_lead(text[0]);
    if (lead.length == 0 || lead.length > text.size()) return std::nullopt;
    char32_t code_point = lead.bits;
    for (u8 byte : text.subspan(1, lead.length - 1)) {
        if ((byte & 0xC0U) != 0x80U) return std::nullopt;
        code_point = (code_point << 6U) | (byte & 0x3FU);
    }
    const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    if (code_point < lead.least || surrogate || code_point > 0x10FFFF) return std::nullopt;
    text = text.subspan(lead.length);
    return code_point;
}

bool is_utf8(ByteView text) {
    while (!text.empty()) {
        if (!next_code_point(text)) return false;
    }
    return true;
}

}  // namespace chat
