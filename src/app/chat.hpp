#pragma once
/// One chat from its beginning to its end, for a person at a terminal or for a script: joins what is typed, what the node tells and
/// what is shown.

#include <deque>
#include <memory>
#include <optional>

#include "app/chat_view.hpp"
#include "app/environment.hpp"
#include "app/options.hpp"
#include "shell/node_runner.hpp"
#include "shell/terminal/line_input.hpp"

namespace chat {

class Chat {
  public:
    /// `input` is the descriptor of what is typed.
    Chat(Environment& environment, Console& console, const Options& options, int input);

    /// The node, for whoever starts it (hosting.hpp, joining.hpp).
    [[nodiscard]] NodeRunner& runner() { return *runner_; }
    /// Runs the loop until the chat is over.
    [[nodiscard]] ExitCode run();

  private:
    void on_event(Event event);
    void on_line(ByteView line);
    void on_end_of_input();
    void on_signal(EndSignal signal);
    void command(std::string_view line);
    void say(SecretBuffer line);
    void send_waiting();
    void consider_leaving();
    void ended(const SessionEnded& event);
    void finish(ExitCode code);

    /// Lines kept here before there is a session, or while its queue is full; beyond it reading pauses.
    static constexpr std::size_t most_waiting = 200;

    Environment& environment_;
    Console& console_;
    Options options_;
    ChatView view_;
    std::unique_ptr<NodeRunner> runner_;
    std::unique_ptr<LineInput> input_;
    Timer drain_timer_;
    std::deque<SecretBuffer> waiting_;
    bool connected_ = false;
    bool input_ended_ = false;
    bool leaving_ = false;
    std::optional<EndSignal> signal_;
    ExitCode exit_code_ = ExitCode::ok;
};

}  // namespace chat
