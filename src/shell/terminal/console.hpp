#pragma once
/// What the chat writes to standard output, one event a line: `* ...` for status, `<name> text` for what was said. The same in the
/// line mode for a person and in `--plain` for a script; a person's terminal gets colours, unless NO_COLOR is set.

#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace chat {

enum class Style : u8 { plain, coloured };

class Console {
  public:
    explicit Console(Style style) : style_{style} {}

    /// `text` must be clean already (sanitize.hpp) where parts of it came from outside.
    void status(std::string_view text);
    /// A status that wants attention.
    void alert(std::string_view text);
    void said(std::string_view name, std::string_view text);
    /// Lines that are neither, as they are (menus, QR codes).
    void raw(std::string_view text);

    /// Standard output was closed by its reader; the program should end.
    [[nodiscard]] bool broken() const { return broken_; }

  private:
    void line(std::string_view colour, std::string_view text);
    void write(std::string_view text);

    Style style_;
    bool broken_ = false;
};

}  // namespace chat
