#include "p2p_core/invite_text.hpp"

#include <algorithm>
#include <array>

namespace chat {
namespace {

constexpr char32_t broken = 0xFFFD;

/// Reads one code point off the front of `rest` (not empty). A broken sequence costs one byte and gives `broken`.
char32_t take_code_point(ByteView& rest) {
    const u8 first = rest[0];
    const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    char32_t out = length == 1 ? first : first & (0x7FU >> length);
    const bool well_begun = first < 0x80 || (first >= 0xC2 && first <= 0xF4);
    if (!well_begun || rest.size() < length) {
        rest = rest.subspan(1);
        return broken;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((rest[i] & 0xC0U) != 0x80) {
            rest = rest.subspan(1);
            return broken;
        }
        out = (out << 6U) | (rest[i] & 0x3FU);
    }
    rest = rest.subspan(length);
    return out;
}

struct Range {
    char32_t first;
    char32_t last;
};

/// White space, invisible and format characters, quoting marks outside ASCII (Unicode 15: White_Space, Default_Ignorable_Code_Point,
/// Pi, Pf, and the marks that stand for them in East Asian text).
constexpr std::array ignored = {
    Range{0x0080, 0x00A0},    // C1 controls, no-break space
    Range{0x00AB, 0x00AB},    // guillemet
    Range{0x00AD, 0x00AD},    // soft hyphen
    Range{0x00B4, 0x00B4},    // acute accent used as a quote
    Range{0x00BB, 0x00BB},    // guillemet
    Range{0x034F, 0x034F},    // combining grapheme joiner
    Range{0x061C, 0x061C},    // Arabic letter mark
    Range{0x115F, 0x1160},    // Hangul fillers
    Range{0x1680, 0x1680},    // Ogham space
    Range{0x17B4, 0x17B5},    // Khmer inherent vowels
    Range{0x180B, 0x180F},    // Mongolian selectors and separator
    Range{0x2000, 0x2015},    // spaces, zero-width characters, direction marks, hyphens and dashes
    Range{0x2018, 0x201F},    // typographic quotes
    Range{0x2022, 0x2022},    // bullet
    Range{0x2024, 0x2037},    // dot leaders, separators, embeddings, primes
    Range{0x2039, 0x203A},    // single guillemets
    Range{0x205F, 0x206F},    // mathematical space, joiners, isolates
    Range{0x2502, 0x2503},    // box drawing verticals (quoted mail in terminals)
    Range{0x2759, 0x275E},    // heavy bars and ornamental quotes
    Range{0x2800, 0x2800},    // blank Braille pattern
    Range{0x3000, 0x3000},    // ideographic space
    Range{0x3008, 0x3011},    // CJK brackets
    Range{0x301D, 0x301F},    // CJK quotes
    Range{0x3164, 0x3164},    // Hangul filler
    Range{0xFE00, 0xFE0F},    // variation selectors
    Range{0xFEFF, 0xFEFF},    // byte order mark
    Range{0xFFA0, 0xFFA0},    // half-width Hangul filler
    Range{0xFFF0, 0xFFFC},    // interlinear annotation and object replacement
    Range{0x1D173, 0x1D17A},  // musical format characters
    Range{0xE0000, 0xE0FFF},  // tags and further variation selectors
};

bool stands_for_nothing(char32_t c) {
    if (c < 0x80) {
        constexpr std::string_view marks = "\"'`<>()[]{}*_~|\\/,.;!=-";
        return c <= 0x20 || c == 0x7F || marks.find(static_cast<char>(c)) != std::string_view::npos;
    }
    return std::any_of(ignored.begin(), ignored.end(),
                       [c](Range range) { return range.first <= c && c <= range.last; });
}

/// Full-width forms as keyboards of East Asia write them.
char32_t narrow(char32_t c) { return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFF01 + 0x21 : c; }

u8 upper(char32_t c) {
    if (c >= 0x80) return '?';
    return static_cast<u8>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

/// The text without what stands for nothing; returns how many characters of `out` are used. None is wider than in UTF-8.
std::size_t squeeze(ByteView text, MutableByteView out) {
    std::size_t used = 0;
    while (!text.empty()) {
        const char32_t c = narrow(take_code_point(text));
        if (!stands_for_nothing(c)) out[used++] = upper(c);
    }
    return used;
}

struct FoundPrefix {
    InvitePrefix prefix = InvitePrefix::none;
    std::size_t end = 0;  ///< where the body begins
};

/// "P2P1", its colon as it may; or "P2P", another number and a colon, which can't be part of an invite's base32 either.
FoundPrefix prefix_at(std::string_view text, std::size_t begin) {
    const std::string_view number = text.substr(begin + 3);
    const std::size_t digits = std::min(number.find_first_not_of("0123456789"), number.size());
    const bool colon = number.substr(digits).substr(0, 1) == ":";
    if (digits > 0 && colon) {
        const bool ours = number.substr(0, digits) == "1";
        return {ours ? InvitePrefix::ours : InvitePrefix::foreign, begin + 3 + digits + 1};
    }
    // The colon was lost: 1 is not in the base32 alphabet, so this is the prefix and not part of a body.
    if (number.substr(0, 1) == "1") return {InvitePrefix::ours, begin + 4};
    return {};
}

FoundPrefix find_prefix(std::string_view text) {
    for (std::size_t at = text.find("P2P"); at != std::string_view::npos; at = text.find("P2P", at + 1)) {
        if (const FoundPrefix found = prefix_at(text, at); found.prefix != InvitePrefix::none) return found;
    }
    return {};
}

}  // namespace

InviteText find_invite(ByteView text) {
    SecretBuffer squeezed{text.size()};
    const std::size_t size = squeeze(text, squeezed.expose_mutable());
    const ByteView all = squeezed.expose().first(size);
    const FoundPrefix found =
        find_prefix({reinterpret_cast<const char*>(all.data()), all.size()});  // NOLINT: u8 and char alias
    InviteText out{found.prefix, SecretBuffer::copy_of(all.subspan(found.end))};
    for (u8& c : out.body.expose_mutable()) {
        if (c == '0') c = 'O';
        if (c == '8') c = 'B';
    }
    return out;
}

}  // namespace chat
