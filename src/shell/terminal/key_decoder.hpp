#pragma once
/// From the bytes that a terminal sends to keys: UTF-8, the usual escape sequences, bracketed paste.

#include <array>
#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace chat {

enum class Key : u8 {
    character,   ///< KeyStroke::character holds it
    line_break,  ///< inside a paste, or Alt-Enter: part of the text
    enter,
    end_of_input,  ///< Ctrl-D
    left,
    right,
    word_left,
    word_right,
    home,
    end,
    up,
    down,
    backspace,
    remove,
    erase_to_start,  ///< Ctrl-U
    erase_to_end,    ///< Ctrl-K
    erase_word,      ///< Ctrl-W
    redraw,          ///< Ctrl-L
};

struct KeyStroke {
    Key key{};
    char32_t character = 0;
    friend bool operator==(const KeyStroke&, const KeyStroke&) = default;
};

class KeyDecoder {
  public:
    /// The key that `byte` completes, if it does. Unknown sequences and bytes that are not UTF-8 give none.
    [[nodiscard]] std::optional<KeyStroke> take(u8 byte);

  private:
    enum class State : u8 { ground, escape, control_sequence, single_shift };

    [[nodiscard]] std::optional<KeyStroke> on_ground(u8 byte);
    [[nodiscard]] std::optional<KeyStroke> on_control(u8 byte) const;
    [[nodiscard]] std::optional<KeyStroke> on_escape(u8 byte);
    [[nodiscard]] std::optional<KeyStroke> on_control_sequence(u8 byte);
    [[nodiscard]] std::optional<KeyStroke> on_multibyte(u8 byte);

    static constexpr std::size_t longest_parameters = 16;

    State state_ = State::ground;
    bool pasting_ = false;
    bool after_carriage_return_ = false;
    std::string parameters_;
    std::array<u8, 4> multibyte_{};
    std::size_t multibyte_length_ = 0;
    std::size_t multibyte_wanted_ = 0;
};

}  // namespace chat
