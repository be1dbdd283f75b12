/// Whatever bytes a terminal sends: the editor's row never holds a control character of the text, and never reaches the last column.

#include <algorithm>
#include <cstdlib>

#include "base/utf8.hpp"
#include "shell/terminal/cell_width.hpp"
#include "shell/terminal/line_editor.hpp"

namespace {

constexpr std::size_t most_bytes = 256;

void require(bool holds) {
    if (!holds) std::abort();
}

/// What the row shows, without the sequences that the editor itself writes: clear, prompt, text, cursor.
void check_row(const std::string& drawn, std::size_t columns) {
    const std::string_view begin = chat::LineEditor::erase();
    require(drawn.starts_with(begin));
    const std::string_view rest = std::string_view{drawn}.substr(begin.size());
    chat::ByteView text = chat::bytes_of(rest.substr(0, rest.find('\r')));
    std::size_t cells = 0;
    while (!text.empty()) {
        const auto character = chat::next_code_point(text);
        require(character && *character >= 0x20 && (*character < 0x7F || *character > 0x9F));
        cells += chat::cell_width(*character);
    }
    require(cells < columns || columns < 2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t columns = data[0];
    chat::LineEditor editor{most_bytes};
    chat::ByteView bytes{data + 1, size - 1};
    while (!bytes.empty()) {
        const std::size_t part = std::min<std::size_t>(bytes.size(), 7);
        for (const auto& event : editor.feed(bytes.first(part))) {
            const auto* entered = std::get_if<chat::LineEditor::Entered>(&event);
            if (entered == nullptr) continue;
            require(entered->text.size() <= most_bytes && chat::is_utf8(entered->text.expose()));
        }
        check_row(editor.draw(columns), columns);
        bytes = bytes.subspan(part);
    }
    return 0;
}
