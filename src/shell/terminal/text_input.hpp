#pragma once
/// Where lines come from: a pipe or file (line_input.hpp), or a person who edits them at a terminal (terminal_input.hpp).

#include <functional>
#include <string_view>

#include "base/bytes.hpp"

namespace chat {

/// A text of 64 KiB and its line end.
inline constexpr std::size_t longest_input_line = 64UL * 1024 + 2;

class TextInput {
  public:
    struct Events {
        /// One line without its end; borrowed. The last line of a file may lack the end.
        std::function<void(ByteView)> on_line;
        /// A line was longer than longest_input_line. From a pipe it is dropped as a whole; a person's draft is kept.
        std::function<void()> on_too_long;
        /// End of input (Ctrl-D). Nothing comes after it.
        std::function<void()> on_end;
    };

    TextInput() = default;
    TextInput(const TextInput&) = delete;
    TextInput& operator=(const TextInput&) = delete;
    virtual ~TextInput() = default;

    /// Back-pressure towards whoever writes; what was read already still comes.
    virtual void pause() = 0;
    virtual void resume() = 0;
    /// Wipes what was entered so far, and leaves the draft.
    virtual void forget() = 0;
    /// What stands before the draft, where a person sees it.
    virtual void set_prompt(std::string_view prompt) = 0;
};

}  // namespace chat
