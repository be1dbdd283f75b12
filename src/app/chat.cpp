#include "app/chat.hpp"

#include <spdlog/spdlog.h>

#include "shell/terminal/sanitize.hpp"

namespace chat {
namespace {

NodeOptions node_options(const Options& options) {
    NodeOptions out;
    out.name = options.nick;
    out.resume_for = options.resume_for;
    out.rotation_interval = options.rotate_every;
    out.cover_cells_per_second = options.cover;
    out.deniable = options.deniable;
    return out;
}

std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()),
            bytes.size()};  // NOLINT: u8 and char alias by definition
}

}  // namespace

Chat::Chat(Environment& environment, Console& console, const Options& options, int input)
    : environment_{environment},
      console_{console},
      options_{options},
      view_{console, options.plain ? ChatView::Audience::script : ChatView::Audience::person},
      drain_timer_{environment.loop} {
    view_.set_own_name(clean_name(options.nick, "you"));
    runner_ = std::make_unique<NodeRunner>(
        environment.loop, environment.resolver, environment.rng, environment.keys, environment.tls,
        environment.identity, node_options(options),
        NodeRunner::Events{[this](Event event) { on_event(std::move(event)); },
                           [this](const DialReportLine& line) {
                               if (!connected_) view_.show_dial_failure(line);
                           }});
    input_ = std::make_unique<LineInput>(
        environment.loop, input,
        LineInput::Events{[this](ByteView line) { on_line(line); },
                          [this] { console_.alert("that line is longer than 64 KiB; it was not sent"); },
                          [this] { on_end_of_input(); }});
    environment.loop.on_end_signal([this](EndSignal signal) { on_signal(signal); });
}

ExitCode Chat::run() {
    environment_.loop.run();
    if (options_.summary) {
        const auto traffic = runner_->traffic();
        console_.status("on the wire: " + std::to_string(traffic.bytes_sent) + " bytes sent, " +
                        std::to_string(traffic.bytes_received) + " bytes received, over " +
                        std::to_string(traffic.streams) +
                        (traffic.streams == 1 ? " connection" : " connections"));
    }
    return exit_code_;
}

void Chat::on_event(Event event) {
    view_.show(event);
    if (console_.broken()) return finish(ExitCode::ok);
    if (std::holds_alternative<Connected>(event)) {
        connected_ = true;
        if (input_ended_)
            drain_timer_.set(environment_.loop.now() + options_.drain_for, [this] { runner_->quit(); });
    }
    if (const auto* end = std::get_if<SessionEnded>(&event)) return ended(*end);
    if (connected_) send_waiting();
    consider_leaving();
}

void Chat::on_line(ByteView line) {
    if (!line.empty() && line[0] == '/') {
        if (line.size() < 2 || line[1] != '/') return command(as_text(line.subspan(1)));
        line = line.subspan(1);
    }
    say(SecretBuffer::copy_of(line));
}

void Chat::say(SecretBuffer line) {
    waiting_.push_back(std::move(line));
    if (connected_) send_waiting();
    if (waiting_.size() >= most_waiting) input_->pause();
}

void Chat::send_waiting() {
    while (!waiting_.empty()) {
        const auto sent = runner_->send_text(waiting_.front().expose());
        if (sent) {
            view_.sent(*sent);
        } else if (sent.error() == SendError::queue_full || sent.error() == SendError::no_session) {
            return;
        } else {
            console_.alert(describe(sent.error()));
            if (sent.error() != SendError::closing) exit_code_ = ExitCode::undelivered;
        }
        waiting_.pop_front();
    }
    if (!input_ended_) input_->resume();
}

void Chat::on_end_of_input() {
    input_ended_ = true;
    if (connected_)
        drain_timer_.set(environment_.loop.now() + options_.drain_for, [this] { runner_->quit(); });
    consider_leaving();
}

/// At the end of input: everything was received, or there was nothing to say and nobody came.
void Chat::consider_leaving() {
    if (!input_ended_ || leaving_ || !waiting_.empty()) return;
    const NodeStatus status = runner_->status();
    const bool nobody = status.link == LinkState::waiting && !connected_;
    if (nobody) console_.status("end of input, and nobody came");
    if (!nobody && (!connected_ || status.queued > 0)) return;
    leaving_ = true;
    runner_->quit();
}

void Chat::command(std::string_view line) {
    if (line == "quit") {
        leaving_ = true;
        return runner_->quit();
    }
    if (line == "help") return view_.show_help();
    if (line == "status") {
        return view_.show_status(runner_->status(), environment_.loop.now(),
                                 to_hex(runner_->fingerprint().view()));
    }
    if (line == "security") return view_.show_security(runner_->status());
    if (line == "rotate") return runner_->rotate_identity();
    if (line == "reconnect") return runner_->reconnect();
    if (line == "verify yes") return runner_->words_compared(Node::Comparison::equal);
    if (line == "verify no") return runner_->words_compared(Node::Comparison::different);
    console_.alert("no such command: /" + clean_line(bytes_of(line)) +
                   " (see /help; //text says a line that begins with a slash)");
}

void Chat::on_signal(EndSignal signal) {
    if (signal_) return finish(ExitCode::interrupted);
    signal_ = signal;
    leaving_ = true;
    runner_->quit();
}

void Chat::ended(const SessionEnded& event) {
    const std::size_t undelivered = event.undelivered.size() + waiting_.size();
    if (undelivered > 0) {
        console_.alert(std::to_string(undelivered) + (undelivered == 1 ? " line was" : " lines were") +
                       " not delivered: nothing confirms that the other side has " +
                       (undelivered == 1 ? "it" : "them"));
    }
    const ExitCode code = exit_code_of(event.reason, undelivered);
    if (runner_->status().link != LinkState::ended && !leaving_ && !input_ended_) {
        connected_ = false;
        waiting_.clear();
        return console_.status("waiting for the next guest");
    }
    finish(signal_ ? ExitCode::interrupted : code);
}

void Chat::finish(ExitCode code) {
    if (exit_code_ == ExitCode::ok) exit_code_ = code;
    environment_.loop.stop();
}

}  // namespace chat
