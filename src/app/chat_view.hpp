#pragma once
/// Puts what a session tells into lines. Everything of the peer's is cleaned here.

#include <string>

#include "app/exit_code.hpp"
#include "p2p_core/connector.hpp"
#include "secure_p2p/node/node.hpp"
#include "shell/terminal/console.hpp"

namespace chat {

class ChatView {
  public:
    /// `script`: the form for scripts, which also tells of each line that was received.
    enum class Audience { person, script };
    ChatView(Console& console, Audience audience) : console_{console}, audience_{audience} {}

    void show(const Event& event);
    void show_status(const NodeStatus& status, Time now, std::string_view own_fingerprint);
    void show_security(const NodeStatus& status);
    void show_dial_failure(const DialReportLine& line);
    void show_help();

    /// What the peer's lines begin with.
    [[nodiscard]] const std::string& peer_name() const { return peer_name_; }
    [[nodiscard]] const std::optional<PeerIdentified>& peer() const { return peer_; }
    /// The person's own name, so that a peer can't take it.
    void set_own_name(std::string name) { own_name_ = std::move(name); }
    /// Line numbers for TextDelivered: the id was given to the person's n-th line.
    void sent(MessageId id) { sent_ids_.push_back(id); }

  private:
    void show(const StageReached& event);
    void show(const PeerIdentified& event);
    void show(const VerificationChanged& event);
    void show(const Connected& event);
    void show(const PeerNamed& event);
    void show(const TextReceived& event);
    void show(const TextDelivered& event);
    void show(const PeerTyping& event);
    void show(const ConnectionLost& event);
    void show(const Resumed& event);
    void show(const IdentityRotated& event);
    void show(const HandshakeFailed& event);
    void show(const SpentInviteTried& event);
    void show(const SecurityEvent& event);
    void show(const SessionEnded& event);

    Console& console_;
    Audience audience_;
    std::string own_name_;
    std::string peer_name_ = "peer";
    std::optional<PeerIdentified> peer_;
    std::vector<MessageId> sent_ids_;
};

/// Exit status for how a session ended; `undelivered` lines count for more than a clean end.
[[nodiscard]] ExitCode exit_code_of(EndReason reason, std::size_t undelivered);

}  // namespace chat
