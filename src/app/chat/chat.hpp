#pragma once
/// One chat from its beginning to its end, for a person at a terminal or for a script: joins what is typed, what the node tells and
/// what is shown.

#include <deque>
#include <memory>
#include <optional>

#include "app/chat/acquaintance.hpp"
#include "app/chat/chat_view.hpp"
#include "app/chat/security_log.hpp"
#include "app/chat/tracer_watch.hpp"
#include "app/environment.hpp"
#include "app/keys/hardware.hpp"
#include "app/options.hpp"
#include "shell/node_runner.hpp"
#include "shell/terminal/output_watch.hpp"
#include "shell/terminal/text_input.hpp"

namespace chat {

class Chat {
  public:
    /// Everything borrowed outlives the chat. `input` and `output` are the descriptors of what is typed and printed; unless options.plain both are terminals.
    Chat(Environment& environment, Console& console, const Options& options, int input, int output);

    /// The node, for whoever starts it (hosting.hpp, joining.hpp).
    [[nodiscard]] NodeRunner& runner() { return *runner_; }
    /// --contact names somebody whom the identity knows, or nobody was named; otherwise one line was shown.
    [[nodiscard]] bool contact_is_known() const;
    /// Where the contact of --contact was reached last.
    [[nodiscard]] std::vector<std::string> contact_places() const;
    /// Runs the loop until the chat is over.
    [[nodiscard]] ExitCode run();

  private:
    /// A text that the node could not take yet.
    struct Waiting {
        u64 number;  ///< the person's n-th text
        SecretBuffer text;
    };

    void on_event(Event event);
    void on_line(ByteView line);
    void on_too_long();
    void on_end_of_input();
    void on_signal(EndSignal signal);
    void command(std::string_view line);
    void compare(std::string_view outcome);
    void reconnect();
    void accept(std::string_view line);
    void rotate();
    [[nodiscard]] bool leave_stranger();
    [[nodiscard]] bool may_talk() const;
    [[nodiscard]] bool kept_from_talking() const;
    void show_hint();
    /// The fingerprint, and which kept identity it is.
    [[nodiscard]] std::string own_identity() const;
    [[nodiscard]] std::unique_ptr<Acquaintance> make_acquaintance();
    void quit_command();
    void say(ByteView line);
    [[nodiscard]] bool is_pasted_invite(ByteView line);
    void send_waiting();
    void text_refused(std::string_view why);
    [[nodiscard]] std::size_t undelivered() const;
    void show_pending();
    void await_delivery();
    void consider_leaving();
    void leave();
    /// Like leave(), and over soon whatever the other side does: nobody is there any more to see it.
    void leave_soon(ExitCode code);
    void output_gone();
    void consider_keys();
    void use_hardware();
    void hardware_failed(const std::string& why, bool gone);
    void ended(const SessionEnded& event);
    void finish(ExitCode code);

    [[nodiscard]] bool for_a_person() const { return !options_.plain; }

    static constexpr std::string_view undecided = "nothing is sent or shown until you type /accept or /quit";
    /// Lines kept here before there is a session, or while its queue is full; beyond it reading pauses.
    static constexpr std::size_t most_waiting = 200;
    /// The terminal or the reader of the output is gone: whoever closed it expects the program to end within 2 s.
    static constexpr Duration last_chance = std::chrono::milliseconds{1500};

    Environment& environment_;
    Console& console_;
    const Options& options_;
    std::string own_name_;
    ChatView view_;
    WrittenCiphertextLog ciphertext_log_;
    std::unique_ptr<NodeRunner> runner_;
    std::unique_ptr<Acquaintance> acquaintance_;  ///< of a kept identity
    std::unique_ptr<TracerWatch> tracer_;
    std::unique_ptr<TextInput> input_;
    OutputWatch output_;
    std::unique_ptr<ReadWatch>
        keys_watch_;  ///< of the process that holds the identity's keys, where there is one
    std::unique_ptr<Hardware> hardware_;  ///< where there is a device
    Timer drain_timer_;
    Timer last_chance_timer_;
    std::deque<Waiting> waiting_;
    u64 texts_ = 0;
    bool connected_ = false;
    bool input_ended_ = false;
    bool leaving_ = false;
    bool warned_of_undelivered_ = false;
    std::optional<ExitCode> exit_code_;  ///< decided before the end
    ExitCode result_ = ExitCode::ok;
};

}  // namespace chat
