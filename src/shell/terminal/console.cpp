#include "shell/terminal/console.hpp"

#include <cstdio>

namespace chat {
namespace {

constexpr std::string_view grey = "\x1B[90m";
constexpr std::string_view yellow = "\x1B[1;33m";
constexpr std::string_view cyan = "\x1B[36m";
constexpr std::string_view green = "\x1B[32m";
constexpr std::string_view reset = "\x1B[0m";
constexpr std::string_view clear = "\x1B[H\x1B[2J";

}  // namespace

/// Without a buffer, where stdio would keep the last that was written.
Console::Console(Style style) : style_{style} { static_cast<void>(std::setvbuf(stdout, nullptr, _IONBF, 0)); }

void Console::status(std::string_view text) { line(grey, std::string{"* "}.append(text)); }

void Console::alert(std::string_view text) { line(yellow, std::string{"* "}.append(text)); }

void Console::said(std::string_view name, std::string_view text) { named_line(cyan, name, text); }

void Console::said_here(std::string_view name, std::string_view text) { named_line(green, name, text); }

void Console::raw(std::string_view text) { write(std::string{text} + "\n"); }

void Console::line(std::string_view colour, std::string_view text) {
    if (style_ == Style::plain) return write(std::string{text} + "\n");
    write(std::string{colour}.append(text).append(reset).append("\n"));
}

void Console::named_line(std::string_view colour, std::string_view name, std::string_view text) {
    std::string out;
    if (style_ == Style::coloured) out += colour;
    out.append("<").append(name).append(">");
    if (style_ == Style::coloured) out += reset;
    write(out.append(" ").append(text).append("\n"));
}

void Console::set_bottom_row(const BottomRow* row) {
    if (row_ != nullptr) put(row_->erase());
    row_ = row;
    refresh();
}

void Console::refresh() {
    if (row_ != nullptr) put(row_->draw());
}

void Console::clear_screen() {
    put(clear);
    refresh();
}

void Console::write(std::string_view text) {
    if (row_ == nullptr) return put(text);
    put(std::string{row_->erase()}.append(text).append(row_->draw()));
}

void Console::put(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        broken_ = true;
}

}  // namespace chat
