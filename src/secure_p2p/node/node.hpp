#pragma once
/// One person's end of the chat: from raw bytes of streams to texts and back, through all four layers. Sans-I/O: streams,
/// time and randomness come in as arguments; bytes, dial requests, events and the next deadline come out. The same class
/// runs under the event loop, in the simulation and under the fuzzer.
///
/// After every call drain poll() until it is empty, then arm a timer for next_deadline(). A node is a host (it offered something)
/// or a guest (it joined), never both, and holds one session at a time.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "secure_p2p/monitor/clock_watch.hpp"
#include "secure_p2p/monitor/security_monitor.hpp"
#include "secure_p2p/node/connection.hpp"
#include "secure_p2p/node/guess_limit.hpp"
#include "secure_p2p/node/guest.hpp"
#include "secure_p2p/node/reception.hpp"
#include "secure_p2p/session/session.hpp"

namespace chat {

/// Bytes for a stream, in order. One Transmit is one write.
struct Transmit {
    StreamId stream{};
    Bytes bytes;
};
/// Nothing more comes from the node for this stream, nor may anything be fed in for it.
struct CloseStream {
    StreamId stream{};
    StreamEnd how{};
};
/// Layer 1 stands on a dialled stream: it leads to the peer, so that other attempts of the same dial can be dropped (the node
/// closes those it knows).
struct StreamConfirmed {
    StreamId stream{};
};
/// The node wants a new stream to the peer's endpoints: answer with stream_dialled, for each address that connects, or with
/// dial_failed when nothing is left to try.
struct Dial {
    u32 ticket{};
};
using Output = std::variant<Transmit, CloseStream, StreamConfirmed, Dial, Event>;

enum class LinkState : u8 {
    waiting,      ///< host: for a guest
    dialling,     ///< guest: for a stream
    handshaking,  ///< a stream is there, the session not yet
    online,
    lost,  ///< there is a session and no stream
    ended,
};
[[nodiscard]] std::string_view describe(LinkState state);

struct NodeStatus {
    LinkState link{};
    std::optional<Verification> verification;
    std::string peer_name;
    std::optional<Fingerprint> peer_fingerprint;
    std::optional<HardwareBacked> peer_hardware;  ///< of the peer's present identity
    u64 cells_sent = 0;
    u64 cells_received = 0;
    u64 unacknowledged = 0;
    u64 queued = 0;  ///< texts typed and not yet confirmed
    u32 epoch = 0;   ///< ratchet steps taken
    u32 resumptions = 0;
    std::size_t held = 0;  ///< connections of strangers now held
    std::optional<Time> next_dial;
};

class Node {
  public:
    /// `rng`, `supply`, `tls` and `log` outlive the node.
    Node(NodeOptions options, Rng& rng, KeySupply& supply, const TlsContext& tls,
         std::shared_ptr<IdentityKeys> identity, CiphertextLog& log = no_ciphertext_log());

    /// Host: makes a secret live until `expiry`, or until a session under it stands (single). The invite must name fingerprint().
    [[nodiscard]] Result<void, GateError> offer_invite(const PresharedSecret& secret, WallTime expiry,
                                                       InviteUse use);
    /// Host: takes guests without an invite.
    [[nodiscard]] Result<void, GateError> offer_open();
    /// Guest of an invite; asks for the first stream with a Dial.
    void join(PresharedSecret secret, const Fingerprint& host, Time now);
    /// Guest without an invite.
    void connect_open(Time now);

    /// A stream that came in.
    void stream_accepted(StreamId stream, const NetworkKey& network, Time now);
    void stream_dialled(u32 ticket, StreamId stream, Time now);
    void dial_failed(u32 ticket, Time now);
    void receive(StreamId stream, ByteView bytes, Time now);
    /// The stream is dead, or its peer sends no more. Not to be called after CloseStream.
    enum class Gone : u8 { end_of_input, failed };
    void stream_gone(StreamId stream, Gone how, Time now);
    /// Lets time pass; `wall` judges invites. `asleep`: how long the machine has slept in all, where the system says so.
    void tick(Time now, WallTime wall, std::optional<Duration> asleep = std::nullopt);

    /// Only while a session is confirmed.
    [[nodiscard]] Result<MessageId, SendError> send_text(ByteView utf8, Time now);
    /// At most one notice each few seconds leaves.
    void typing(Time now);
    /// The person compared the words or numbers. If they differ the session ends.
    enum class Comparison : u8 { equal, different };
    void words_compared(Comparison outcome, Time now);
    void rotate_identity(Time now);
    /// The answer to EndorsementWanted.
    [[nodiscard]] Result<void, EndorsementRefusal> endorse(const Endorsement& endorsement, Time now);
    /// The peer is a contact whose words were compared in an earlier session. Changes nothing once they were compared in this one.
    void restore_verification(Time now);
    /// Something that happened outside the node, for the security monitor: kinds whose origin is this machine, or contact_changed.
    void report(SecurityEventKind kind, std::string reason, Time now);
    /// Dials again now, without waiting for the back-off.
    void reconnect(Time now);
    /// Close cell, its acknowledgement (2 s at most), then everything is wiped; ends with SessionEnded.
    void quit(Time now);
    /// The holder of the identity's keys is gone: ends whatever stands or is being made, with SessionEnded.
    void identity_keys_lost(std::string why, Time now);

    [[nodiscard]] std::optional<Output> poll();
    [[nodiscard]] std::optional<Time> next_deadline() const;
    [[nodiscard]] NodeStatus status() const;
    [[nodiscard]] Fingerprint fingerprint() const;
    [[nodiscard]] const SecurityMonitor& monitor() const { return monitor_; }

  private:
    struct ActiveSession {
        std::unique_ptr<Session> session;
        PresharedSecret resume_secret;
        std::optional<SecretId> resume_id;  ///< host: in the reception
        bool superseded = false;            ///< guest: another half-made session was confirmed
    };
    enum class Purpose : u8 { first_contact, resumption };
    struct Entry {
        Connection connection;
        Purpose purpose{};
        Time deadline{};
        std::optional<SecretId> secret_id;  ///< host: what opened its hello
        std::optional<DialUnder> under;     ///< guest
        Time begun{};                       ///< guest
        ActiveSession* session = nullptr;
        bool authenticated = false;
        bool guess_under_way = false;  ///< host without invite: between init and resp
    };

    void guarded(Time now, const std::function<void()>& action);
    void settle(Time now);
    [[nodiscard]] bool drain_connections(Time now);
    [[nodiscard]] bool drain_sessions(Time now);
    void drain_reception(Time now);
    [[nodiscard]] bool drain(StreamId stream, Time now);
    void handle(StreamId stream, Entry& entry, Connection::Output output, Time now);
    void authenticated(StreamId stream, Entry& entry, Time now);
    void bundle_arrived(StreamId stream, Entry& entry, Time now);
    void agreed(StreamId stream, Entry& entry, Agreement agreement, Time now);
    void secured_for_resume(StreamId stream, Entry& entry, const TlsExporter& exporter, Time now);
    void failed(StreamId stream, Connection::Failed failure, Time now);
    void failed_at_guest(StreamId stream, const Connection::Failed& failure, Time now);
    void greet(Reception::Visitor visitor, Time now);
    void failed_at_host(StreamId stream, const Connection::Failed& failure, Time now);
    void handle_session(ActiveSession& active, Session::Output output, Time now);
    void session_confirmed(ActiveSession& active);
    void session_ended(ActiveSession& active);
    void drop_connection(StreamId stream, StreamEnd how);
    void end(EndReason reason, std::string detail, Time now);
    void consider_dialling(Time now);
    void dial(DialUnder under, Time now);
    void retry_later(Time now);
    void expire_connections(Time now);
    [[nodiscard]] bool connecting() const;
    [[nodiscard]] ActiveSession* active() const;
    [[nodiscard]] Reception::Vacancy vacancy() const;
    void say(Event event);
    void count(const SecurityEvent& event);
    [[nodiscard]] bool answer_alarm(Time now);
    void send_last(const Session::SendFrame& frame);

    NodeOptions options_;
    Rng& rng_;
    KeySupply& supply_;
    const TlsContext& tls_;
    std::shared_ptr<IdentityKeys> identity_;
    CiphertextLog& log_;

    std::optional<Reception> reception_;
    std::optional<Guest> guest_;
    GuessLimit guesses_;
    std::map<StreamId, Entry> connections_;
    std::vector<std::unique_ptr<ActiveSession>> sessions_;
    std::deque<Output> outputs_;

    Backoff backoff_;
    std::optional<Time> next_dial_;
    std::optional<u32> dial_in_flight_;
    DialUnder dial_under_{};
    u32 next_ticket_ = 1;
    u32 failed_handshakes_ = 0;
    bool dial_was_cut_ = false;
    u32 resumptions_ = 0;
    bool ended_ = false;
    std::optional<Verification> verification_;
    std::optional<HardwareBacked> peer_hardware_;
    Time latest_{};  ///< when the node was last called
    SecurityMonitor monitor_;
    ClockWatch clocks_;
    struct Alarm {
        Origin origin{};
        std::string detail;
    };
    std::optional<Alarm> alarm_;
};

}  // namespace chat
