#pragma once
/// What the person reads, on standard output. Status lines begin with "* ", the peer's lines with "<name> ": nothing else does, so
/// text of the peer can pass for neither. For a person a status line has colours, unless NO_COLOR is set.

#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace chat {

enum class Style : u8 { plain, coloured };

/// A row at the bottom that is taken away before something is printed, and drawn again below it.
class BottomRow {
  public:
    [[nodiscard]] virtual std::string_view erase() const = 0;
    [[nodiscard]] virtual std::string draw() const = 0;

  protected:
    ~BottomRow() = default;
};

class Console {
  public:
    /// Standard output must not have been written to.
    explicit Console(Style style);

    /// `text` must be clean already (sanitize.hpp) where parts of it came from outside.
    void status(std::string_view text);
    /// A status that wants attention.
    void alert(std::string_view text);
    void said(std::string_view name, std::string_view text);
    /// What the person said, shown back.
    void said_here(std::string_view name, std::string_view text);
    /// Lines that are neither, as they are (menus, QR codes).
    void raw(std::string_view text);

    /// Null: there is none. Borrowed.
    void set_bottom_row(const BottomRow* row);
    /// Draws the bottom row again.
    void refresh();
    void clear_screen();

    /// Standard output was closed by its reader; the program should end.
    [[nodiscard]] bool broken() const { return broken_; }

  private:
    void line(std::string_view colour, std::string_view text);
    void named_line(std::string_view colour, std::string_view name, std::string_view text);
    void write(std::string_view text);
    void put(std::string_view text);

    Style style_;
    const BottomRow* row_ = nullptr;
    bool broken_ = false;
};

}  // namespace chat
