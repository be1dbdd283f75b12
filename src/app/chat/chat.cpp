#include "app/chat/chat.hpp"

#include "p2p_core/invite.hpp"
#include "shell/terminal/line_input.hpp"
#include "shell/terminal/sanitize.hpp"
#include "shell/terminal/terminal_input.hpp"

namespace chat {
namespace {

NodeOptions node_options(const Options& options, const HeldKeys& keys) {
    NodeOptions out;
    out.identity_life = keys.kept ? IdentityLife::kept : IdentityLife::one_run;
    out.hardware_backed = keys.device && keys.device->process->co_signing_key();
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

std::string_view without_spaces_at_end(std::string_view text) {
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

ExitCode exit_code_of(EndSignal signal) {
    switch (signal) {
        case EndSignal::interrupt: return ExitCode::interrupted;
        case EndSignal::terminate: return ExitCode::terminated;
        case EndSignal::hang_up: return ExitCode::hung_up;
    }
    return ExitCode::internal;
}

}  // namespace

Chat::Chat(Environment& environment, Console& console, const Options& options, int input, int output)
    : environment_{environment},
      console_{console},
      options_{options},
      own_name_{clean_name(options.nick, "you")},
      view_{console, options.plain ? ChatView::Audience::script : ChatView::Audience::person, own_name_},
      output_{environment.loop, output, [this] { output_gone(); }},
      drain_timer_{environment.loop},
      last_chance_timer_{environment.loop} {
    runner_ = std::make_unique<NodeRunner>(
        environment.loop, environment.resolver, environment.rng, environment.keys, environment.tls,
        environment.identity.identity, node_options(options, environment.identity),
        NodeRunner::Events{[this](Event event) { on_event(std::move(event)); },
                           [this](const DialReportLine& line) {
                               if (!connected_) view_.show_dial_failure(line);
                           }},
        ciphertext_log_);
    if (environment.identity.kept) acquaintance_ = make_acquaintance();
    tracer_ = std::make_unique<TracerWatch>(environment.loop, [this] {
        runner_->report(
            options_.allow_debugger ? SecurityEventKind::tracer_allowed : SecurityEventKind::tracer_attached,
            "a debugger or tracer was attached to this process");
    });
    TextInput::Events events{[this](ByteView line) { on_line(line); }, [this] { on_too_long(); },
                             [this] { on_end_of_input(); }};
    if (for_a_person()) {
        input_ = std::make_unique<TerminalInput>(environment.loop, console, input, std::move(events));
    } else {
        input_ = std::make_unique<LineInput>(environment.loop, input, std::move(events));
    }
    if (const int descriptor = environment.identity.holder->descriptor(); descriptor >= 0)
        keys_watch_ = std::make_unique<ReadWatch>(environment.loop, descriptor, [this] { consider_keys(); });
    if (environment.identity.device) use_hardware();
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
    return result_;
}

void Chat::use_hardware() {
    // As often as the identity rotates, but not less than the device's own rhythm.
    const bool rotates = options_.rotate_every.count() > 0 && options_.rotate_every < Hardware::interval;
    const Duration every = rotates ? Duration{options_.rotate_every} : Duration{Hardware::interval};
    hardware_ = std::make_unique<Hardware>(
        environment_.loop, *environment_.identity.device, every,
        Hardware::Events{[this](const SecretBuffer& entropy) { environment_.mix_in(entropy); },
                         [this](const Endorsement& endorsement) {
                             // A session that ended meanwhile needs none.
                             (void)runner_->endorse(endorsement);
                         },
                         [this](const std::string& why) {
                             runner_->report(SecurityEventKind::hardware_entropy_alarm, why);
                         },
                         [this](const std::string& why, bool gone) { hardware_failed(why, gone); }});
}

void Chat::hardware_failed(const std::string& why, bool gone) {
    if (options_.keys.require_hardware) {
        console_.alert(why + "; the session ends (--require-hardware)");
        return leave_soon(ExitCode::no_hardware);
    }
    console_.alert(why + (gone ? "; the chat goes on without the device" : "; the chat goes on"));
}

/// The watch may also fire for an answer that was read meanwhile.
void Chat::consider_keys() {
    const auto why = environment_.identity.holder->lost();
    if (!why) return;
    keys_watch_->pause();
    if (environment_.identity.holder->memory_damaged())
        runner_->report(SecurityEventKind::canary_broken, *why);
    runner_->identity_keys_lost(*why);
}

void Chat::on_event(Event event) {
    if (auto* end = std::get_if<SessionEnded>(&event);
        end != nullptr && end->reason == EndReason::identity_keys_lost)
        end->detail = environment_.identity.holder->lost().value_or(std::move(end->detail));
    if (const auto* wanted = std::get_if<EndorsementWanted>(&event); wanted != nullptr && hardware_)
        hardware_->co_sign(wanted->statement);
    if (acquaintance_ && acquaintance_->keep_back(event)) {
        if (acquaintance_->overflown()) leave_soon(ExitCode::contact_changed);
        return;
    }
    view_.show(event);
    if (acquaintance_) acquaintance_->on_event(event);
    if (leave_stranger()) return;
    if (console_.broken() && !leaving_) output_gone();
    if (std::holds_alternative<Connected>(event)) {
        connected_ = true;
        show_hint();
    }
    const bool progress =
        std::holds_alternative<Connected>(event) || std::holds_alternative<TextDelivered>(event);
    if (progress && input_ended_) await_delivery();
    if (const auto* end = std::get_if<SessionEnded>(&event)) return ended(*end);
    if (may_talk()) send_waiting();
    show_pending();
    consider_leaving();
}

void Chat::on_line(ByteView line) {
    if (line.empty() && for_a_person()) return;  // a bare Enter says nothing and accepts nothing
    if (!line.empty() && line[0] == '/') {
        if (line.size() < 2 || line[1] != '/')
            return command(without_spaces_at_end(as_text(line.subspan(1))));
        line = line.subspan(1);
    }
    say(line);
}

void Chat::say(ByteView line) {
    if (leaving_) return text_refused(describe(SendError::closing));
    if (!connected_ && is_pasted_invite(line)) return;
    if (for_a_person()) console_.said_here(own_name_, clean_line(line));
    if (kept_from_talking()) console_.alert("not sent: it waits for /accept, and is dropped by /quit");
    waiting_.push_back({++texts_, SecretBuffer::copy_of(line)});
    if (may_talk()) send_waiting();
    show_pending();
    if (waiting_.size() >= most_waiting) input_->pause();
}

/// Before anybody is there an invite is not meant as a text, but as something to be done with it.
bool Chat::is_pasted_invite(ByteView line) {
    if (as_text(line).find(':') == std::string_view::npos) return false;
    const auto invite = decode_invite(line);
    if (!invite) return false;
    const std::array own{runner_->fingerprint()};
    text_refused(
        is_own(*invite, own)
            ? "this is your own invite: give it to the other side, who joins with it"
            : "this is an invite; it was not sent. To join with it leave, and start: secure-p2p join");
    return true;
}

void Chat::send_waiting() {
    while (!waiting_.empty()) {
        const auto sent = runner_->send_text(waiting_.front().text.expose());
        if (sent) {
            view_.sent(*sent, waiting_.front().number);
        } else if (sent.error() == SendError::queue_full || sent.error() == SendError::no_session) {
            return;
        } else {
            text_refused("line " + std::to_string(waiting_.front().number) + ": " +
                         std::string{describe(sent.error())});
        }
        waiting_.pop_front();
    }
    if (!input_ended_) input_->resume();
}

/// A script learns from the exit status, too, that something was not said.
void Chat::text_refused(std::string_view why) {
    console_.alert(why);
    if (!for_a_person()) exit_code_ = ExitCode::undelivered;
}

void Chat::on_too_long() { text_refused(describe(SendError::too_long)); }

std::size_t Chat::undelivered() const { return waiting_.size() + runner_->status().queued; }

/// Where a person writes, the row itself says what is still on its way.
void Chat::show_pending() {
    if (!for_a_person()) return;
    const std::size_t count = undelivered();
    input_->set_prompt(count == 0 ? "> " : "[" + std::to_string(count) + " not delivered] > ");
}

void Chat::on_end_of_input() {
    input_ended_ = true;
    if (connected_) await_delivery();
    if (for_a_person() && undelivered() > 0) {
        console_.status("waiting until the other side has everything; Ctrl-C leaves without that");
    }
    consider_leaving();
}

void Chat::await_delivery() {
    drain_timer_.set(environment_.loop.now() + options_.drain_for, [this] { leave(); });
}

/// At the end of input: everything was received, or there was nothing to say and nobody came.
void Chat::consider_leaving() {
    if (!input_ended_ || leaving_ || !waiting_.empty()) return;
    const NodeStatus status = runner_->status();
    const bool nobody = status.link == LinkState::waiting && !connected_;
    if (nobody) console_.status("end of input, and nobody came");
    if (nobody || (connected_ && status.queued == 0)) leave();
}

void Chat::command(std::string_view line) {
    if (line == "quit") return quit_command();
    if (line == "help") return view_.show_help();
    if (line == "status") {
        view_.show_status(runner_->status(), environment_.loop.now(), own_identity(),
                          describe(environment_.identity));
        if (hardware_) console_.status("hardware: " + hardware_->status());
        console_.status("this process is confined by: " + describe(environment_.sandbox));
        if (kept_from_talking()) console_.alert(undecided);
        return;
    }
    if (line == "security") {
        view_.show_security(runner_->security_report(), runner_->status().held, environment_.loop.now());
        return view_.show_memory(guarded_memory::usage());
    }
    if (line == "reconnect") return reconnect();
    if (line == "rotate") return rotate();
    if (line == "accept" || line.starts_with("accept ")) return accept(line);
    if (line.starts_with("verify")) return compare(line);
    console_.alert("no such command: /" + clean_line(bytes_of(line)) +
                   " (see /help; //text says a line that begins with a slash)");
}

void Chat::rotate() {
    // The proof that a new identity follows the old one exists only inside a session; whoever is kept must be the same
    // in the next one (docs/protocol/01-identity.md).
    if (environment_.identity.kept)
        return console_.alert("a kept identity does not rotate: your contacts know it by its fingerprint");
    if (!connected_) return console_.alert("nobody is connected yet: your identity is fresh anyway");
    runner_->rotate_identity();
}

void Chat::compare(std::string_view line) {
    if (!connected_) return console_.alert("nobody is connected yet: there is nothing to compare");
    if (line == "verify yes") return runner_->words_compared(Node::Comparison::equal);
    if (line == "verify no") return runner_->words_compared(Node::Comparison::different);
    view_.show_words();
    console_.alert("type /verify yes if they are equal on both sides, /verify no if they differ");
}

void Chat::reconnect() {
    const LinkState link = runner_->status().link;
    if (link == LinkState::online) return console_.status("the connection stands; nothing to do");
    if (link == LinkState::waiting) return console_.status("waiting for a guest; there is nobody to dial");
    console_.status("trying to reconnect now");
    runner_->reconnect();
}

void Chat::quit_command() {
    const std::size_t count = undelivered();
    const bool stuck = count > 0 && runner_->status().link != LinkState::online;
    if (!for_a_person() || !stuck || std::exchange(warned_of_undelivered_, true)) return leave();
    console_.alert(std::to_string(count) + (count == 1 ? " line is" : " lines are") +
                   " not delivered. Wait, or /quit again to leave without; nothing is kept on disk");
}

void Chat::leave() {
    leaving_ = true;
    runner_->quit();
}

void Chat::leave_soon(ExitCode code) {
    exit_code_ = code;
    last_chance_timer_.set(environment_.loop.now() + last_chance, [this, code] { finish(code); });
    if (!leaving_) leave();
}

/// A terminal that takes nothing any more has hung up; the signal may come a moment later.
void Chat::output_gone() { leave_soon(for_a_person() ? ExitCode::hung_up : ExitCode::output_closed); }

void Chat::on_signal(EndSignal signal) {
    const bool again = leaving_ && exit_code_;
    if (signal == EndSignal::hang_up) return leave_soon(ExitCode::hung_up);
    exit_code_ = exit_code_of(signal);
    if (again) return finish(*exit_code_);
    leave();
}

void Chat::ended(const SessionEnded& event) {
    const std::size_t count = event.undelivered.size() + waiting_.size();
    waiting_.clear();
    if (count > 0) {
        console_.alert(std::to_string(count) + (count == 1 ? " line was" : " lines were") +
                       " not delivered: nothing confirms that the other side has " +
                       (count == 1 ? "it" : "them"));
    }
    const ExitCode code = chat::exit_code_of(event.reason, count);
    if (runner_->status().link == LinkState::ended || leaving_ || input_ended_) return finish(code);
    connected_ = false;
    input_->forget();
    if (count > 0 && !exit_code_ && !for_a_person()) exit_code_ = ExitCode::undelivered;
    console_.status("waiting for the next guest");
    show_pending();
}

void Chat::finish(ExitCode code) {
    result_ = exit_code_.value_or(code);
    environment_.loop.stop();
}

}  // namespace chat
