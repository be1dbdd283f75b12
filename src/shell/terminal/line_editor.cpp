#include "shell/terminal/line_editor.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "shell/terminal/cell_width.hpp"
#include "shell/terminal/sanitize.hpp"

namespace chat {
namespace {

std::size_t cells_of(std::string_view text) {
    std::size_t out = 0;
    ByteView rest = bytes_of(text);
    while (const auto character = next_code_point(rest)) out += cell_width(*character);
    return out;
}

/// What is drawn for a character of the draft: a line break is one mark here.
struct Glyph {
    std::string text;
    std::size_t cells = 0;
};

Glyph glyph_of(char32_t character) {
    if (character == U'\n') return {"\u21B5", 1};
    std::string shown = clean_line(to_utf8(Draft::Text{character}).expose());
    const std::size_t cells = cells_of(shown);
    return {std::move(shown), cells};
}

/// The first character shown, so that the cursor's own cell fits into `room`.
std::size_t first_shown(const Draft::Text& text, std::size_t cursor, std::size_t room) {
    std::size_t used = 1;
    std::size_t first = cursor;
    while (first > 0) {
        used += glyph_of(text[first - 1]).cells;
        if (used > room) break;
        --first;
    }
    while (first < cursor && cell_width(text[first]) == 0) ++first;
    return first;
}

}  // namespace

std::vector<LineEditor::Event> LineEditor::feed(ByteView bytes) {
    std::vector<Event> events;
    for (const u8 byte : bytes) {
        if (const auto stroke = decoder_.take(byte)) apply(*stroke, events);
    }
    return events;
}

void LineEditor::apply(const KeyStroke& stroke, std::vector<Event>& events) {
    switch (stroke.key) {
        case Key::character: return insert(stroke.character, events);
        case Key::line_break: return insert(U'\n', events);
        case Key::enter: return enter(events);
        case Key::end_of_input:
            if (draft_.text().empty()) return static_cast<void>(events.emplace_back(EndOfInput{}));
            return draft_.remove();
        case Key::left: return draft_.left();
        case Key::right: return draft_.right();
        case Key::word_left: return draft_.word_left();
        case Key::word_right: return draft_.word_right();
        case Key::home: return draft_.home();
        case Key::end: return draft_.end();
        case Key::up: return older();
        case Key::down: return newer();
        case Key::backspace: return draft_.backspace();
        case Key::remove: return draft_.remove();
        case Key::erase_to_start: return draft_.erase_to_start();
        case Key::erase_to_end: return draft_.erase_to_end();
        case Key::erase_word: return draft_.erase_word();
        case Key::redraw: return static_cast<void>(events.emplace_back(ClearScreen{}));
    }
}

void LineEditor::insert(char32_t character, std::vector<Event>& events) {
    if (draft_.insert(character, most_bytes_)) return;
    const bool said =
        std::ranges::any_of(events, [](const Event& event) { return std::holds_alternative<Full>(event); });
    if (!said) events.emplace_back(Full{});
}

void LineEditor::enter(std::vector<Event>& events) {
    Draft::Text text = draft_.take();
    events.emplace_back(Entered{to_utf8(text)});
    in_history_ = 0;
    static_cast<void>(std::exchange(put_aside_, {}));  // clear() would keep the memory
    if (text.empty() || (!history_.empty() && history_.front() == text)) return;
    history_.push_front(std::move(text));
    if (history_.size() > history_length) history_.pop_back();
}

void LineEditor::older() {
    if (in_history_ == history_.size()) return;
    if (in_history_ == 0) put_aside_ = draft_.take();
    draft_.replace(history_[in_history_++]);
}

void LineEditor::newer() {
    if (in_history_ == 0) return;
    draft_.replace(--in_history_ == 0 ? std::exchange(put_aside_, {}) : history_[in_history_ - 1]);
}

void LineEditor::forget() {
    if (std::exchange(in_history_, 0) != 0) draft_.replace(std::exchange(put_aside_, {}));
    history_.clear();
}

std::string LineEditor::draw(std::size_t columns) const {
    const std::size_t usable = columns > 1 ? columns - 1 : 1;
    const std::size_t wanted = cells_of(prompt_);
    const bool with_prompt = wanted + 4 <= usable;
    const std::size_t room = usable - (with_prompt ? wanted : 0);
    const Draft::Text& text = draft_.text();

    std::string out{erase()};
    if (with_prompt) out += prompt_;
    std::size_t used = 0;
    std::size_t cursor_cell = 0;
    for (std::size_t i = first_shown(text, draft_.cursor(), room); i < text.size(); ++i) {
        if (i == draft_.cursor()) cursor_cell = used;
        const Glyph glyph = glyph_of(text[i]);
        if (used + glyph.cells > room) break;
        out += glyph.text;
        used += glyph.cells;
    }
    if (draft_.cursor() == text.size()) cursor_cell = used;
    const std::size_t column = cursor_cell + (with_prompt ? wanted : 0);
    out += '\r';
    if (column > 0) out += "\x1B[" + std::to_string(column) + "C";
    return out;
}

}  // namespace chat
