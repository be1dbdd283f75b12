#include "app/demo.hpp"

#include <unistd.h>

#include <memory>
#include <optional>
#include <string>

#include "process_protection/hardening.hpp"
#include "shell/child_process.hpp"
#include "shell/net/loop.hpp"
#include "shell/program_path.hpp"
#include "shell/terminal/line_input.hpp"
#include "shell/terminal/prompt.hpp"

namespace chat {
namespace {

constexpr Duration longest_step = std::chrono::seconds{60};

struct Line {
    bool by_alice;
    std::string_view text;
};

/// Said one after the other, each once the one before has arrived on the other side.
constexpr std::array script = {Line{true, "Hello Bob, can you read this?"},
                               Line{false, "Hello Alice, every word. Shall we compare the five words?"},
                               Line{true, "Mine stand above; they are the same as yours."},
                               Line{false, "Then nobody sits between us. Grüße, 你好, привет!"}};

class Demo {
  public:
    Demo(Console& console, Debugger debugger, std::string program)
        : console_{console}, debugger_{debugger}, program_{std::move(program)}, patience_{loop_} {}

    ExitCode run() {
        console_.raw("Two people on this machine: Bob waits, Alice joins with his invite.\n");
        start_bob();
        loop_.on_end_signal([this](EndSignal) { fail("interrupted"); });
        wait_for("Bob to listen");
        loop_.run();
        return result_;
    }

  private:
    struct Side {
        std::string name;
        std::unique_ptr<ChildProcess> process;
        std::unique_ptr<LineInput> lines;
        bool connected = false;
        bool ended = false;
    };

    void start_bob() {
        bob_.name = "Bob";
        start(bob_, {"listen", "--plain", "--no-stun", "--bind", "127.0.0.1", "--nick", "Bob", "--summary"});
    }

    void start_alice(const std::string& invite) {
        alice_.name = "Alice";
        start(alice_, {"join", "--plain", "--no-stun", "--invite-file", "-", "--nick", "Alice", "--summary"});
        alice_.process->write_line(invite);
        wait_for("Alice to connect");
    }

    void start(Side& side, std::vector<std::string> arguments) {
        // Whatever the configuration says: a show needs no passphrase, and nobody's contacts.
        arguments.insert(arguments.end(), {"--identity", "memory"});
        if (debugger_ == Debugger::allowed) arguments.emplace_back("--allow-debugger");
        side.process = std::make_unique<ChildProcess>(program_, arguments);
        side.lines = std::make_unique<LineInput>(
            loop_, side.process->output(),
            TextInput::Events{[this, &side](ByteView line) {
                                  on_line(side, std::string{line.begin(), line.end()});
                              },
                              [] {}, [this, &side] { on_end(side); }});
    }

    void on_line(Side& side, const std::string& line) {
        constexpr std::string_view invite_line = "* invite ";
        console_.raw((side.name == "Bob" ? "Bob   | " : "Alice | ") + line);
        if (&side == &bob_ && line.starts_with(invite_line))
            return start_alice(line.substr(invite_line.size()));
        if (line.starts_with("* connected")) {
            side.connected = true;
            if (alice_.connected && bob_.connected) say_next();
        }
        if (awaited_ && &side == awaited_ && line.starts_with("<")) {
            awaited_ = nullptr;
            say_next();
        }
    }

    void say_next() {
        if (next_line_ == script.size()) return hand_over();
        const Line& line = script.at(next_line_++);
        Side& speaker = line.by_alice ? alice_ : bob_;
        awaited_ = line.by_alice ? &bob_ : &alice_;
        console_.raw((line.by_alice ? "Alice > " : "Bob   > ") + std::string{line.text});
        speaker.process->write_line(line.text);
        wait_for("the other side to get a line");
    }

    /// At a terminal the person goes on; otherwise the two say goodbye.
    void hand_over() {
        patience_.cancel();
        if (!is_terminal(STDIN_FILENO)) return finish();
        console_.raw("\nNow you: type 'a TEXT' to speak as Alice, 'b TEXT' as Bob, Enter alone to end.");
        typed_ = std::make_unique<LineInput>(loop_, STDIN_FILENO,
                                             TextInput::Events{[this](ByteView line) {
                                                                   on_typed({line.begin(), line.end()});
                                                               },
                                                               [] {}, [this] { finish(); }});
    }

    void on_typed(const std::string& line) {
        if (line.starts_with("a ")) {
            alice_.process->write_line(line.substr(2));
        } else if (line.starts_with("b ")) {
            bob_.process->write_line(line.substr(2));
        } else if (line.empty()) {
            finish();
        } else {
            console_.raw("(a TEXT for Alice, b TEXT for Bob, Enter alone to end)");
        }
    }

    void finish() {
        if (finishing_) return;
        finishing_ = true;
        console_.raw("\nWhat both sides count, then Alice leaves:");
        bob_.process->write_line("/status");
        alice_.process->write_line("/status");
        alice_.process->close_input();
        wait_for("both to leave");
    }

    void on_end(Side& side) {
        side.ended = true;
        const int status = side.process->wait();
        if (status != 0 || !finishing_)
            return fail(side.name + " ended with exit status " + std::to_string(status));
        if (!alice_.ended || !bob_.ended) return;
        console_.raw("\nThat was a whole session: nothing was written to disk, and its keys are gone.");
        loop_.stop();
    }

    void wait_for(const std::string& what) {
        patience_.set(loop_.now() + longest_step, [this, what] { fail("waited too long for " + what); });
    }

    void fail(const std::string& why) {
        console_.alert("the demonstration failed: " + why);
        result_ = ExitCode::internal;
        loop_.stop();
    }

    Console& console_;
    Debugger debugger_;
    std::string program_;
    Loop loop_;
    Timer patience_;
    Side bob_;
    Side alice_;
    std::unique_ptr<LineInput> typed_;
    Side* awaited_ = nullptr;
    std::size_t next_line_ = 0;
    bool finishing_ = false;
    ExitCode result_ = ExitCode::ok;
};

}  // namespace

ExitCode run_demo(Console& console, const Options& options, const char* program) {
    const Debugger debugger = options.allow_debugger ? Debugger::allowed : Debugger::refused;
    Demo demo{console, debugger, path_of_this_program(program)};
    return demo.run();
}

}  // namespace chat
