#include "shell/terminal/key_decoder.hpp"

#include "base/utf8.hpp"

namespace chat {
namespace {

constexpr u8 escape = 0x1B;

std::optional<KeyStroke> stroke(Key key) { return KeyStroke{key, 0}; }

/// The final byte of ESC [ ... and ESC O ...
std::optional<KeyStroke> named(u8 final, std::string_view parameters) {
    const bool with_modifier = parameters.find(';') != std::string_view::npos;
    switch (final) {
        case 'A': return stroke(Key::up);
        case 'B': return stroke(Key::down);
        case 'C': return stroke(with_modifier ? Key::word_right : Key::right);
        case 'D': return stroke(with_modifier ? Key::word_left : Key::left);
        case 'H': return stroke(Key::home);
        case 'F': return stroke(Key::end);
        default: return std::nullopt;
    }
}

/// ESC [ number ~
std::optional<KeyStroke> numbered(std::string_view parameters) {
    if (parameters == "1" || parameters == "7") return stroke(Key::home);
    if (parameters == "3") return stroke(Key::remove);
    if (parameters == "4" || parameters == "8") return stroke(Key::end);
    return std::nullopt;
}

std::size_t length_after(u8 lead) {
    if (lead >= 0xC2 && lead <= 0xDF) return 2;
    if (lead >= 0xE0 && lead <= 0xEF) return 3;
    if (lead >= 0xF0 && lead <= 0xF4) return 4;
    return 0;
}

}  // namespace

std::optional<KeyStroke> KeyDecoder::take(u8 byte) {
    switch (state_) {
        case State::ground: return on_ground(byte);
        case State::escape: return on_escape(byte);
        case State::control_sequence: return on_control_sequence(byte);
        case State::single_shift: state_ = State::ground; return named(byte, {});
    }
    return std::nullopt;
}

std::optional<KeyStroke> KeyDecoder::on_ground(u8 byte) {
    if (multibyte_wanted_ > 0 && (byte & 0xC0U) == 0x80) return on_multibyte(byte);
    multibyte_wanted_ = 0;
    const bool line_feed_of_pair = after_carriage_return_ && byte == '\n';
    after_carriage_return_ = pasting_ && byte == '\r';
    if (line_feed_of_pair) return std::nullopt;
    if (byte == escape) {
        state_ = State::escape;
        return std::nullopt;
    }
    if (byte < 0x20 || byte == 0x7F) return on_control(byte);
    if (byte < 0x80) return KeyStroke{Key::character, byte};
    multibyte_wanted_ = length_after(byte);
    multibyte_length_ = 0;
    return multibyte_wanted_ > 0 ? on_multibyte(byte) : std::nullopt;
}

std::optional<KeyStroke> KeyDecoder::on_control(u8 byte) const {
    if (byte == '\r' || byte == '\n') return stroke(pasting_ ? Key::line_break : Key::enter);
    if (byte == '\t') return pasting_ ? std::optional{KeyStroke{Key::character, U'\t'}} : std::nullopt;
    if (pasting_) return std::nullopt;
    switch (byte) {
        case 'A' & 0x1F: return stroke(Key::home);
        case 'B' & 0x1F: return stroke(Key::left);
        case 'D' & 0x1F: return stroke(Key::end_of_input);
        case 'E' & 0x1F: return stroke(Key::end);
        case 'F' & 0x1F: return stroke(Key::right);
        case 'H' & 0x1F:
        case 0x7F: return stroke(Key::backspace);
        case 'K' & 0x1F: return stroke(Key::erase_to_end);
        case 'L' & 0x1F: return stroke(Key::redraw);
        case 'N' & 0x1F: return stroke(Key::down);
        case 'P' & 0x1F: return stroke(Key::up);
        case 'U' & 0x1F: return stroke(Key::erase_to_start);
        case 'W' & 0x1F: return stroke(Key::erase_word);
        default: return std::nullopt;
    }
}

std::optional<KeyStroke> KeyDecoder::on_escape(u8 byte) {
    if (byte == escape) return std::nullopt;
    state_ = State::ground;
    if (byte == '[') {
        state_ = State::control_sequence;
        parameters_.clear();
    } else if (byte == 'O') {
        state_ = State::single_shift;
    } else if (!pasting_ && (byte == '\r' || byte == '\n')) {
        return stroke(Key::line_break);
    } else if (!pasting_ && byte == 'b') {
        return stroke(Key::word_left);
    } else if (!pasting_ && byte == 'f') {
        return stroke(Key::word_right);
    }
    return std::nullopt;
}

std::optional<KeyStroke> KeyDecoder::on_control_sequence(u8 byte) {
    if (byte >= 0x20 && byte < 0x40) {
        if (parameters_.size() < longest_parameters) parameters_ += static_cast<char>(byte);
        return std::nullopt;
    }
    state_ = State::ground;
    if (byte == escape) state_ = State::escape;
    if (byte == '~' && parameters_ == "200") pasting_ = true;
    if (byte == '~' && parameters_ == "201") pasting_ = false;
    if (pasting_) return std::nullopt;
    return byte == '~' ? numbered(parameters_) : named(byte, parameters_);
}

std::optional<KeyStroke> KeyDecoder::on_multibyte(u8 byte) {
    multibyte_.at(multibyte_length_++) = byte;
    if (multibyte_length_ < multibyte_wanted_) return std::nullopt;
    ByteView bytes = ByteView{multibyte_}.first(multibyte_length_);
    multibyte_wanted_ = 0;
    const auto character = next_code_point(bytes);
    if (!character) return std::nullopt;
    return KeyStroke{Key::character, *character};
}

}  // namespace chat
