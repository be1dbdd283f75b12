#include "shell/terminal/sanitize.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace chat {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

/// Unicode categories Cc, Cf, Zl, Zp, Co, the noncharacters, variation selectors' supplement and tags: invisible, or acting on
/// what stands around them.
constexpr std::array forbidden = {
    Range{0x0000, 0x001F},   Range{0x007F, 0x009F},   Range{0x00AD, 0x00AD},   Range{0x034F, 0x034F},
    Range{0x0600, 0x0605},   Range{0x061C, 0x061C},   Range{0x06DD, 0x06DD},   Range{0x070F, 0x070F},
    Range{0x0890, 0x0891},   Range{0x08E2, 0x08E2},   Range{0x115F, 0x1160},   Range{0x17B4, 0x17B5},
    Range{0x180B, 0x180F},   Range{0x200B, 0x200F},   Range{0x2028, 0x202E},   Range{0x2060, 0x206F},
    Range{0x3164, 0x3164},   Range{0xE000, 0xF8FF},   Range{0xFE00, 0xFE0F},   Range{0xFEFF, 0xFEFF},
    Range{0xFFA0, 0xFFA0},   Range{0xFDD0, 0xFDEF},   Range{0xFFF0, 0xFFFB},   Range{0xFFFE, 0xFFFF},
    Range{0x110BD, 0x110BD}, Range{0x110CD, 0x110CD}, Range{0x13430, 0x13455}, Range{0x1BCA0, 0x1BCA3},
    Range{0x1D173, 0x1D17A}, Range{0xE0000, 0x10FFFF}};

bool is_forbidden(char32_t code_point) {
    return std::ranges::any_of(
        forbidden, [&](const Range& range) { return code_point >= range.first && code_point <= range.last; });
}

/// What emoji are glued together with: left out without a mark, so that one falls into its parts.
bool is_emoji_glue(char32_t code_point) {
    return code_point == 0x200D || code_point == 0xFE0E || code_point == 0xFE0F;
}

/// Calls `take` for every character of `text` with its bytes; a byte that is not UTF-8 gives U+FFFD.
template <class Take>
void for_each_character(ByteView text, Take take) {
    while (!text.empty()) {
        const ByteView before = text;
        if (const auto code_point = next_code_point(text)) {
            const ByteView bytes = before.first(before.size() - text.size());
            take(*code_point, std::string{bytes.begin(), bytes.end()});
        } else {
            take(U'\uFFFD', std::string{removed_mark});
            text = text.subspan(1);
        }
    }
}

bool is_space(char32_t code_point) {
    return code_point == U' ' || code_point == 0xA0 || code_point == 0x1680 ||
           (code_point >= 0x2000 && code_point <= 0x200A) || code_point == 0x202F || code_point == 0x205F ||
           code_point == 0x3000;
}

}  // namespace

std::string clean_line(ByteView text) {
    std::string out;
    bool after_carriage_return = false;
    for_each_character(text, [&](char32_t code_point, const std::string& bytes) {
        const bool line_feed_of_pair = code_point == U'\n' && after_carriage_return;
        after_carriage_return = code_point == U'\r';
        if (line_feed_of_pair) return;
        if (code_point == U'\n' || code_point == U'\r' || code_point == 0x2028 || code_point == 0x2029 ||
            code_point == 0x85) {
            out += line_break_mark;
        } else if (code_point == U'\t') {
            out += ' ';
        } else if (is_forbidden(code_point)) {
            if (!is_emoji_glue(code_point)) out += removed_mark;
        } else {
            out += bytes;
        }
    });
    return out;
}

std::string clean_name(std::string_view name, std::string_view fallback) {
    constexpr std::size_t longest = 32;
    std::string out;
    std::size_t characters = 0;
    bool space_before = true;
    for_each_character(bytes_of(name), [&](char32_t code_point, const std::string& bytes) {
        if (characters == longest || code_point == U'<' || code_point == U'>' || is_forbidden(code_point))
            return;
        const bool space = is_space(code_point);
        if (space && space_before) return;
        space_before = space;
        out += space ? " " : bytes;
        ++characters;
    });
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out.empty() ? std::string{fallback} : out;
}

}  // namespace chat
