#pragma once
/// Small steps for reading addresses out of text: each takes from the front of a view and never looks beyond
/// it.

#include <optional>
#include <string_view>

#include "base/bytes.hpp"

namespace chat {

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

[[nodiscard]] constexpr bool is_ascii_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

[[nodiscard]] constexpr char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] constexpr bool take_prefix(std::string_view& text, std::string_view prefix) {
    if (text.substr(0, prefix.size()) != prefix) return false;
    text.remove_prefix(prefix.size());
    return true;
}

template <class Predicate>
[[nodiscard]] constexpr std::string_view take_while(std::string_view& text, Predicate fits) {
    std::size_t size = 0;
    while (size < text.size() && fits(text[size])) ++size;
    const std::string_view out = text.substr(0, size);
    text.remove_prefix(size);
    return out;
}

/// Decimal digits only, 1 to 10 of them, at most `limit`.
[[nodiscard]] constexpr std::optional<u64> parse_number(std::string_view digits, u64 limit) {
    if (digits.empty() || digits.size() > 10) return std::nullopt;
    u64 value = 0;
    for (char c : digits) {
        if (!is_digit(c)) return std::nullopt;
        value = value * 10 + static_cast<u64>(c - '0');
    }
    if (value > limit) return std::nullopt;
    return value;
}

/// 1 to 4 hexadecimal digits.
[[nodiscard]] constexpr std::optional<u32> parse_hex16(std::string_view digits) {
    if (digits.empty() || digits.size() > 4) return std::nullopt;
    u32 value = 0;
    for (char c : digits) {
        const char lower = ascii_lower(c);
        const bool letter = lower >= 'a' && lower <= 'f';
        if (!letter && !is_digit(c)) return std::nullopt;
        value = value * 16 + static_cast<u32>(letter ? lower - 'a' + 10 : lower - '0');
    }
    return value;
}

}  // namespace chat
