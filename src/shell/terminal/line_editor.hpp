#pragma once
/// Edits one text in the bottom row of a terminal: bytes of the keyboard in, texts and drawing out. It does no I/O. A text longer than
/// the row scrolls sideways, so that whatever is printed above needs one row to be cleared and drawn again.

#include <deque>
#include <string>
#include <variant>
#include <vector>

#include "shell/terminal/draft.hpp"
#include "shell/terminal/key_decoder.hpp"

namespace chat {

class LineEditor {
  public:
    /// Enter: the text in UTF-8, line breaks of a paste kept.
    struct Entered {
        SecretBuffer text;
    };
    /// Ctrl-D on an empty row.
    struct EndOfInput {};
    /// The draft is as long as a text may be; what was typed on is not in it. Once for each call of feed().
    struct Full {};
    /// Ctrl-L: clear the screen before drawing.
    struct ClearScreen {};
    using Event = std::variant<Entered, EndOfInput, Full, ClearScreen>;

    /// `most_bytes`: of a text in UTF-8.
    explicit LineEditor(std::size_t most_bytes) : most_bytes_{most_bytes} {}

    [[nodiscard]] std::vector<Event> feed(ByteView bytes);

    /// Draws the row from its first cell on and leaves the cursor where it stands in the draft. Never writes into the last column,
    /// where terminals differ.
    [[nodiscard]] std::string draw(std::size_t columns) const;
    /// Empties the row.
    [[nodiscard]] static std::string_view erase() { return "\r\x1B[K"; }

    /// Wipes the history.
    void forget();
    /// Clean text (sanitize.hpp) that stands before the draft.
    void set_prompt(std::string prompt) { prompt_ = std::move(prompt); }

  private:
    void apply(const KeyStroke& stroke, std::vector<Event>& events);
    void insert(char32_t character, std::vector<Event>& events);
    void enter(std::vector<Event>& events);
    void older();
    void newer();

    static constexpr std::size_t history_length = 100;

    std::size_t most_bytes_;
    std::string prompt_ = "> ";
    KeyDecoder decoder_;
    Draft draft_;
    std::deque<Draft::Text> history_;
    std::size_t in_history_ = 0;  ///< how far back; 0 is the draft itself
    Draft::Text put_aside_;       ///< the draft, while history is looked at
};

}  // namespace chat
