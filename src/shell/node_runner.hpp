#pragma once
/// Runs a Node on the loop: its streams are sockets, its deadlines timers, its dial requests happy eyeballs over the endpoints that
/// were given. What the node says goes to one callback.

#include <map>
#include <memory>
#include <vector>

#include "secure_p2p/node/node.hpp"
#include "shell/net/dialler.hpp"
#include "shell/net/listener.hpp"
#include "shell/net/loop.hpp"

namespace chat {

class NodeRunner {
  public:
    struct Events {
        std::function<void(Event)> on_event;
        /// One address of a dial failed; may be empty.
        std::function<void(const DialReportLine&)> on_dial_progress;
    };
    /// What crossed the wire, all streams together.
    struct Traffic {
        u64 bytes_sent = 0;
        u64 bytes_received = 0;
        u64 streams = 0;
    };

    /// Everything borrowed outlives the runner. Callbacks come from the loop, never from inside a call of this class.
    NodeRunner(Loop& loop, Resolver& resolver, Rng& rng, KeySupply& supply, const TlsContext& tls,
               std::shared_ptr<IdentityKeys> identity, NodeOptions options, Events events,
               CiphertextLog& log = no_ciphertext_log());
    NodeRunner(const NodeRunner&) = delete;
    NodeRunner& operator=(const NodeRunner&) = delete;
    ~NodeRunner();

    /// Binds and accepts; the port is in listener() afterwards.
    [[nodiscard]] Result<void, ListenFailure> listen(const ListenOptions& options);
    [[nodiscard]] const Listener* listener() const;
    [[nodiscard]] Result<void, GateError> offer_invite(const PresharedSecret& secret, WallTime expiry,
                                                       InviteUse use);
    [[nodiscard]] Result<void, GateError> offer_open();
    /// Dials `places` whenever the node wants a stream.
    void join(PresharedSecret secret, const Fingerprint& host, std::vector<HostPort> places);
    void connect_open(std::vector<HostPort> places);

    [[nodiscard]] Result<MessageId, SendError> send_text(ByteView utf8);
    void typing();
    void words_compared(Node::Comparison outcome);
    void rotate_identity();
    [[nodiscard]] Result<void, EndorsementRefusal> endorse(const Endorsement& endorsement);
    void restore_verification();
    /// For the security monitor; see Node::report.
    void report(SecurityEventKind kind, std::string reason);
    void reconnect();
    void quit();
    void identity_keys_lost(std::string why);

    [[nodiscard]] NodeStatus status() const;
    [[nodiscard]] SecurityReport security_report() const;
    [[nodiscard]] Fingerprint fingerprint() const;
    [[nodiscard]] Traffic traffic() const;
    /// The last dial's report, a line for each address.
    [[nodiscard]] std::vector<DialReportLine> dial_report() const;

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace chat
