#include "app/chat/chat_view.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "app/chat/security_log.hpp"
#include "shell/terminal/sanitize.hpp"

namespace chat {
namespace {

std::string short_fingerprint(const Fingerprint& fingerprint) {
    return to_hex(ByteView{fingerprint.bytes}.first(8));
}

std::string joined(const std::array<std::string, 5>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

std::string contact_text(Verification state) { return "contact: " + std::string{describe(state)}; }

std::string lines_text(std::size_t count) { return count == 1 ? "1 line" : std::to_string(count) + " lines"; }

}  // namespace

void ChatView::show(const Event& event) {
    if (const auto counted = counted_as(event)) spdlog::info("{}", log_line(*counted));
    std::visit([this](const auto& each) { show(each); }, event);
}

/// For a person one fact a line; for a script the whole step is one event.
void ChatView::show(const StageReached& event) {
    if (audience_ == Audience::person) {
        console_.status(describe(event.stage));
        for (const Fact& fact : event.facts) console_.status("    " + fact.name + ": " + fact.value);
        return;
    }
    std::string text{describe(event.stage)};
    const char* separator = ": ";
    for (const Fact& fact : event.facts) {
        text += separator + fact.name + ": " + fact.value;
        separator = "; ";
    }
    console_.status(text);
}

void ChatView::show(const PeerIdentified& event) {
    peer_ = event;
    on_their_way_.clear();
    console_.status(contact_text(event.verification));
    console_.status("safety number: " + event.safety_number);
    show_words();
}

/// A person reads words more easily in a row of their own, where no terminal breaks them.
void ChatView::show_words() {
    if (!peer_) return;
    const std::string what = "compare these words with the other side, by voice or in person:";
    if (audience_ == Audience::script) return console_.alert(what + " " + joined(peer_->words));
    console_.alert(what);
    console_.alert("    " + joined(peer_->words));
}

void ChatView::show(const VerificationChanged& event) { console_.alert(contact_text(event.verification)); }

void ChatView::show(const Connected&) {
    connected_ = true;
    console_.status("connected: all four layers stand");
}

void ChatView::show(const PeerNamed& event) {
    call_peer(clean_name(event.name, "peer"));
    console_.status("the other side calls itself " + peer_name_);
}

void ChatView::call_peer(std::string name) {
    peer_name_ = std::move(name);
    if (peer_name_ == own_name_) peer_name_ += " (other side)";
}

void ChatView::show(const TextReceived& event) { console_.said(peer_name_, clean_line(event.text.expose())); }

void ChatView::show(const TextDelivered& event) {
    const auto found = std::ranges::find(on_their_way_, event.id, &Sent::id);
    if (found == on_their_way_.end()) return;
    const u64 number = found->number;
    on_their_way_.erase(found);
    if (audience_ == Audience::script) {
        console_.status("received by the other side: line " + std::to_string(number));
    }
}

void ChatView::show(const PeerTyping&) {}

void ChatView::show(const ConnectionLost& event) {
    console_.alert("connection lost: " + std::string{describe(event.reason)} +
                   "; what you write is kept and sent when it is back");
}

void ChatView::show(const Resumed&) { console_.status("connection resumed, nothing was lost"); }

void ChatView::show(const IdentityRotated& event) {
    const bool ours = event.whose == Whose::ours;
    console_.status(std::string{ours ? "your" : "the other side's"} +
                    " identity was rotated, with proof that it follows the old one: " +
                    short_fingerprint(event.old_fingerprint) + " -> " +
                    short_fingerprint(event.new_fingerprint));
}

void ChatView::show(const HandshakeFailed& event) {
    console_.alert("a handshake failed in " + std::string{describe(event.stage)} + ": " + event.reason);
}

void ChatView::show(const SpentInviteTried&) {
    console_.alert(
        "somebody came with an invite that was already used: if your contact did not try again, someone else "
        "read it");
}

/// Told by /security and the log; a person is disturbed by warnings only.
void ChatView::show(const SecurityEvent&) {}

void ChatView::show(const SecurityWarning& event) {
    spdlog::info("{}", log_line(event));
    console_.alert("security warning: " + std::string{describe(event.kind)} + ": " + event.reason + " (" +
                   std::to_string(event.last_minute) +
                   " in the last minute): " + std::string{rule_of(event.kind).reason} + "; see /security");
}

void ChatView::show(const EndorsementWanted&) {}

void ChatView::show(const HardwareBacked& event) {
    console_.status("the other side's identity is co-signed by a key held in " +
                    std::string{describe(event.kind)} + ", as it says; key " +
                    to_hex(ByteView{event.key.bytes}.subspan(1, 8)));
}

void ChatView::show(const SessionEnded& event) {
    spdlog::info("{}", log_line(event));
    const bool never_began = !std::exchange(connected_, false) && event.reason == EndReason::we_closed;
    peer_.reset();
    peer_name_ = "peer";
    if (never_began) return console_.status("left before anybody was connected");
    std::string text = "session ended: " + std::string{describe(event.reason)};
    if (!event.detail.empty()) text += ": " + event.detail;
    if (event.reason == EndReason::security_alarm) return console_.alert(text);
    console_.status(text);
}

void ChatView::show_dial_failure(const DialReportLine& line) {
    console_.status("tried " + clean_line(bytes_of(describe(line))));
}

void ChatView::show_status(const NodeStatus& status, Time now, std::string_view own_fingerprint,
                           std::string_view own_keys) {
    console_.status("link: " + std::string{describe(status.link)});
    if (status.next_dial && *status.next_dial > now) {
        const auto wait = std::chrono::duration_cast<std::chrono::seconds>(*status.next_dial - now).count();
        console_.status("next try in " + std::to_string(wait) + " s (or /reconnect)");
    }
    console_.status("your identity: " + std::string{own_fingerprint});
    console_.status("its private keys: " + std::string{own_keys});
    if (status.peer_fingerprint) {
        console_.status("other side: " + peer_name_ + ", " + to_hex(status.peer_fingerprint->view()));
    }
    if (status.peer_hardware) {
        console_.status("its identity is co-signed by a key held in " +
                        std::string{describe(status.peer_hardware->kind)} + ", as it says");
    }
    if (status.verification) console_.status(contact_text(*status.verification));
    if (peer_) console_.status("words to compare: " + joined(peer_->words));
    console_.status("cells sent " + std::to_string(status.cells_sent) + ", received " +
                    std::to_string(status.cells_received) + ", not yet acknowledged " +
                    std::to_string(status.unacknowledged) + "; ratchet steps " +
                    std::to_string(status.epoch) + "; resumptions " + std::to_string(status.resumptions));
    console_.status(lines_text(status.queued) + " not yet received by the other side");
}

void ChatView::show_memory(const guarded_memory::Usage& usage) {
    console_.status("memory of secrets: " + describe(usage));
    if (const auto warning = guarded_memory::warning(usage)) console_.alert(*warning);
}

void ChatView::show_help() {
    for (const char* text :
         {"/verify       show the words to compare again",
          "/verify yes   the words were compared and are equal",
          "/verify no    they differ: ends the session at once",
          "/status       connection, identities, what waits",
          "/security     what was refused, warned of and counted",
          "/rotate       replace your identity now, with proof", "/reconnect    try to reconnect now",
          "/accept       go on although a contact's identity changed", "/quit         leave; keys are wiped",
          "//text        say a line that begins with a slash"}) {
        console_.status(text);
    }
}

ExitCode exit_code_of(EndReason reason, std::size_t undelivered) {
    if (undelivered > 0 && (reason == EndReason::we_closed || reason == EndReason::peer_closed))
        return ExitCode::undelivered;
    switch (reason) {
        case EndReason::we_closed:
        case EndReason::peer_closed: return ExitCode::ok;
        case EndReason::unreachable: return ExitCode::unreachable;
        case EndReason::resume_time_over: return ExitCode::session_lost;
        case EndReason::invite_spent:
        case EndReason::invite_expired:
        case EndReason::host_busy:
        case EndReason::handshake_failed: return ExitCode::refused;
        case EndReason::identity_keys_lost: return ExitCode::keys_lost;
        case EndReason::randomness_failed: return ExitCode::internal;
        case EndReason::security_alarm: return ExitCode::security_alarm;
    }
    return ExitCode::internal;
}

}  // namespace chat
