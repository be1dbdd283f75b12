#include "shell/terminal/cell_width.hpp"

#include <algorithm>
#include <span>

#include "shell/terminal/cell_width_table.hpp"

namespace chat {
namespace {

bool contains(std::span<const CodePoints> table, char32_t character) {
    const auto after = std::ranges::upper_bound(table, character, {}, &CodePoints::first);
    return after != table.begin() && character <= std::prev(after)->last;
}

}  // namespace

unsigned cell_width(char32_t character) {
    if (contains(combining, character)) return 0;
    return contains(wide, character) ? 2 : 1;
}

}  // namespace chat
