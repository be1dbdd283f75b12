#pragma once
/// A person's line at the bottom of the terminal: keys go through the line editor, and whatever the console prints appears above.

#include <memory>

#include "shell/net/loop.hpp"
#include "shell/terminal/console.hpp"
#include "shell/terminal/line_editor.hpp"
#include "shell/terminal/terminal_mode.hpp"
#include "shell/terminal/text_input.hpp"

namespace chat {

class TerminalInput final : public TextInput, private BottomRow {
  public:
    /// `descriptor` is a terminal. The console outlives this.
    TerminalInput(Loop& loop, Console& console, int descriptor, Events events);
    TerminalInput(const TerminalInput&) = delete;
    TerminalInput& operator=(const TerminalInput&) = delete;
    ~TerminalInput() override;

    void pause() override;
    void resume() override;
    void forget() override { editor_.forget(); }
    void set_prompt(std::string_view prompt) override;

  private:
    void on_readable();
    void handle(const LineEditor::Event& event);
    [[nodiscard]] std::string_view erase() const override { return LineEditor::erase(); }
    [[nodiscard]] std::string draw() const override;

    Console& console_;
    int descriptor_;
    Events events_;
    LineEditor editor_{longest_input_line - 2};
    TerminalMode mode_;
    bool ended_ = false;
    std::unique_ptr<ReadWatch> watch_;
};

}  // namespace chat
