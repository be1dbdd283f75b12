#pragma once
/// Puts what a session tells into lines. Everything of the peer's is cleaned here.

#include <deque>
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
    /// `own_name`: clean; a peer can't take it.
    ChatView(Console& console, Audience audience, std::string own_name)
        : console_{console}, audience_{audience}, own_name_{std::move(own_name)} {}

    void show(const Event& event);
    /// `own_keys`: where the keys of the own identity are, and what protects them.
    void show_status(const NodeStatus& status, Time now, std::string_view own_fingerprint,
                     std::string_view own_keys);
    void show_security(const SecurityReport& report, std::size_t strangers_held, Time now);
    /// Under which name the peer's texts are shown: a known contact's, not what it calls itself.
    void call_peer(std::string name);
    void show_dial_failure(const DialReportLine& line);
    void show_words();
    void show_memory(const guarded_memory::Usage& usage);
    void show_help();

    /// For TextDelivered: the id was given to the person's n-th line.
    void sent(MessageId id, u64 number) { on_their_way_.push_back({id, number}); }

  private:
    struct Sent {
        MessageId id;
        u64 number;
    };

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
    void show(const EndorsementWanted& event);
    void show(const HardwareBacked& event);
    void show(const SecurityEvent& event);
    void show(const SecurityWarning& event);
    void show(const SessionEnded& event);

    Console& console_;
    Audience audience_;
    std::string own_name_;
    std::string peer_name_ = "peer";
    std::optional<PeerIdentified> peer_;
    bool connected_ = false;
    std::deque<Sent> on_their_way_;
};

/// Exit status for how a session ended; `undelivered` lines count for more than a clean end.
[[nodiscard]] ExitCode exit_code_of(EndReason reason, std::size_t undelivered);

}  // namespace chat
