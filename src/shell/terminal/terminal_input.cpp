#include "shell/terminal/terminal_input.hpp"

#include <unistd.h>

#include <cerrno>

namespace chat {

TerminalInput::TerminalInput(Loop& loop, Console& console, int descriptor, Events events)
    : console_{console},
      descriptor_{descriptor},
      events_{std::move(events)},
      mode_{loop, descriptor, [this] { console_.refresh(); }},
      watch_{std::make_unique<ReadWatch>(loop, descriptor, [this] { on_readable(); })} {
    console_.set_bottom_row(this);
}

TerminalInput::~TerminalInput() { console_.set_bottom_row(nullptr); }

void TerminalInput::pause() { watch_->pause(); }

void TerminalInput::resume() {
    if (!ended_) watch_->resume();
}

void TerminalInput::set_prompt(std::string_view prompt) {
    editor_.set_prompt(std::string{prompt});
    console_.refresh();
}

std::string TerminalInput::draw() const { return editor_.draw(mode_.columns()); }

void TerminalInput::on_readable() {
    std::array<u8, 4096> chunk{};
    const WipeOnExit wipe{chunk};
    const ssize_t count = ::read(descriptor_, chunk.data(), chunk.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (count <= 0) return handle(LineEditor::EndOfInput{});
    auto events = editor_.feed(ByteView{chunk}.first(static_cast<std::size_t>(count)));
    console_.refresh();
    for (const LineEditor::Event& event : events) handle(event);
}

void TerminalInput::handle(const LineEditor::Event& event) {
    if (ended_) return;
    if (const auto* entered = std::get_if<LineEditor::Entered>(&event)) {
        events_.on_line(entered->text.expose());
    } else if (std::holds_alternative<LineEditor::Full>(event)) {
        events_.on_too_long();
    } else if (std::holds_alternative<LineEditor::ClearScreen>(event)) {
        console_.clear_screen();
    } else {
        ended_ = true;
        watch_->pause();
        events_.on_end();
    }
}

}  // namespace chat
