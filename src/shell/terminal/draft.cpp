#include "shell/terminal/draft.hpp"

#include <algorithm>
#include <numeric>
#include <span>

#include "shell/terminal/cell_width.hpp"

namespace chat {
namespace {

std::size_t utf8_length(char32_t character) {
    if (character < 0x80) return 1;
    if (character < 0x800) return 2;
    return character < 0x10000 ? 3 : 4;
}

std::size_t utf8_length(const Draft::Text& text) {
    return std::accumulate(text.begin(), text.end(), std::size_t{0},
                           [](std::size_t sum, char32_t character) { return sum + utf8_length(character); });
}

bool is_blank(char32_t character) { return character == U' ' || character == U'\n' || character == U'\t'; }

}  // namespace

bool Draft::insert(char32_t character, std::size_t most_bytes) {
    const std::size_t length = utf8_length(character);
    if (bytes_ + length > most_bytes) return false;
    text_.insert(text_.begin() + static_cast<std::ptrdiff_t>(cursor_), character);
    ++cursor_;
    bytes_ += length;
    return true;
}

/// A combining character goes with the one before it.
void Draft::left() {
    while (cursor_ > 0 && cell_width(text_[--cursor_]) == 0) {
    }
}

void Draft::right() {
    if (cursor_ < text_.size()) ++cursor_;
    while (cursor_ < text_.size() && cell_width(text_[cursor_]) == 0) ++cursor_;
}

void Draft::word_left() {
    while (cursor_ > 0 && is_blank(text_[cursor_ - 1])) --cursor_;
    while (cursor_ > 0 && !is_blank(text_[cursor_ - 1])) --cursor_;
}

void Draft::word_right() {
    while (cursor_ < text_.size() && is_blank(text_[cursor_])) ++cursor_;
    while (cursor_ < text_.size() && !is_blank(text_[cursor_])) ++cursor_;
}

void Draft::backspace() {
    const std::size_t last = cursor_;
    left();
    erase(cursor_, last);
}

void Draft::remove() {
    const std::size_t first = cursor_;
    right();
    erase(first, cursor_);
}

void Draft::erase_to_start() { erase(0, cursor_); }

void Draft::erase_to_end() { erase(cursor_, text_.size()); }

void Draft::erase_word() {
    const std::size_t last = cursor_;
    word_left();
    erase(cursor_, last);
}

void Draft::erase(std::size_t first, std::size_t last) {
    std::copy(text_.begin() + static_cast<std::ptrdiff_t>(last), text_.end(),
              text_.begin() + static_cast<std::ptrdiff_t>(first));
    // A shorter vector keeps what stood behind its end.
    const std::span<char32_t> rest = std::span{text_}.last(last - first);
    guarded_memory::wipe({reinterpret_cast<u8*>(rest.data()), rest.size_bytes()});  // NOLINT: bytes of it
    text_.resize(text_.size() - (last - first));
    cursor_ = first;
    bytes_ = utf8_length(text_);
}

void Draft::replace(Text text) {
    text_ = std::move(text);
    cursor_ = text_.size();
    bytes_ = utf8_length(text_);
}

Draft::Text Draft::take() {
    cursor_ = 0;
    bytes_ = 0;
    return std::exchange(text_, {});
}

SecretBuffer to_utf8(const Draft::Text& text) {
    SecretBuffer out{utf8_length(text)};
    const MutableByteView bytes = out.expose_mutable();
    std::size_t at = 0;
    for (const char32_t character : text) {
        const std::size_t length = utf8_length(character);
        constexpr std::array<u8, 5> lead = {0, 0, 0xC0, 0xE0, 0xF0};
        for (std::size_t i = length; i-- > 1;) {
            bytes[at + i] = static_cast<u8>(0x80U | ((character >> (6 * (length - 1 - i))) & 0x3FU));
        }
        bytes[at] = static_cast<u8>(lead.at(length) | (character >> (6 * (length - 1))));
        at += length;
    }
    return out;
}

}  // namespace chat
