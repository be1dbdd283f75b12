#pragma once
/// The session of two people from the moment of agreement on (docs/protocol.md 5.5 to 11): conversation, resumption, key
/// replacement, identity rotation and closing, over streams that got through layers 1 and 2 elsewhere. Frames in, frames out.

#include <deque>
#include <memory>
#include <optional>
#include <variant>

#include "hybrid_kex/established.hpp"
#include "p2p_core/framing.hpp"
#include "secure_p2p/ciphertext_log.hpp"
#include "secure_p2p/conversation/conversation.hpp"
#include "secure_p2p/options.hpp"
#include "secure_p2p/session/efk_lifecycle.hpp"
#include "secure_p2p/session/endorsement.hpp"
#include "secure_p2p/session/greeting.hpp"
#include "secure_p2p/session/identity_rotation.hpp"
#include "secure_p2p/session/resumption.hpp"

namespace chat {

/// How long a close waits for its answer.
inline constexpr Duration close_patience = std::chrono::seconds{2};

class Session {
  public:
    struct Inputs {
        Role role{};
        SessionIdBytes session_id;
        CellCipher cipher;
        falcon1024::Seed first_efk_seed;
        ResumeFrames resume_frames;
        std::shared_ptr<IdentityKeys> own_identity;
        IdentityPublic peer_identity;
        CiphertextLog& ciphertext_log;  ///< outlives the session
    };
    struct SendFrame {
        StreamId stream{};
        FrameKind kind{};
        Bytes body;
    };
    struct EndStream {
        StreamId stream{};
        StreamEnd how{};
    };
    using Output = std::variant<SendFrame, EndStream, Event>;

    /// `rng` and `supply` outlive the session. Greets the peer as soon as cells can flow.
    Session(Inputs inputs, const NodeOptions& options, Rng& rng, SessionKeySupply& supply, Time now);

    /// The stream of the key exchange carries the session from the beginning.
    void begin(StreamId stream, Time now);
    void stream_secured(StreamId stream, const TlsExporter& exporter, Time now);
    void receive(StreamId stream, FrameKind kind, ByteView body, Time now);
    void stream_lost(StreamId stream, Time now);
    void tick(Time now);

    [[nodiscard]] Result<MessageId, SendError> send_text(ByteView utf8, Time now);
    void typing(Time now);
    void rotate_identity(Time now);
    /// The device's answer to EndorsementWanted, sent when it verifies: bad_key, bad_signature, repeated or no_session otherwise.
    [[nodiscard]] Result<void, EndorsementRefusal> endorse(const Endorsement& endorsement, Time now);
    void quit(Time now);
    /// Ends at once, whatever is under way.
    void abandon(EndReason reason, std::string detail);
    /// The same, but says close to the peer where a stream stands, so that it need not wait for this side to resume.
    void stop(EndReason reason, std::string detail, Time now);

    [[nodiscard]] std::optional<Output> poll();
    [[nodiscard]] std::optional<Time> next_deadline() const;

    [[nodiscard]] bool ended() const { return ended_; }
    /// The peer's first cell was accepted: both sides have the session.
    [[nodiscard]] bool confirmed() const { return confirmed_; }
    [[nodiscard]] bool online() const { return resumption_.current().has_value(); }
    /// No stream carries it and none is on its way to.
    [[nodiscard]] bool wants_stream() const { return !ended_ && !online() && !resumption_.pending(); }
    /// A planned new connection is due (docs/protocol.md 10); asking resets the timer.
    [[nodiscard]] bool take_planned_reconnect(Time now);
    [[nodiscard]] bool owns(StreamId stream) const { return resumption_.owns(stream); }
    [[nodiscard]] Role role() const { return role_; }
    [[nodiscard]] const std::shared_ptr<IdentityKeys>& own_identity() const { return rotation_.own(); }
    [[nodiscard]] const IdentityPublic& peer_identity() const { return rotation_.peer(); }
    [[nodiscard]] const Conversation& conversation() const { return conversation_; }
    [[nodiscard]] const std::string& peer_name() const { return peer_name_; }

  private:
    void settle(Time now);
    void settle_resumption(Time now);
    void settle_conversation(Time now);
    void go_offline(LostReason reason, Time now);
    [[nodiscard]] std::vector<Fact> conversation_facts() const;
    void handle(ReceivedMessage message, Time now);
    void handle_greeting(ByteView content);
    void handle_text(SecretBuffer content);
    void handle_rotation(const ReceivedMessage& message);
    void handle_endorsement(ByteView content);
    void confirm();
    [[nodiscard]] HardwareEndorsement endorsement_statement(Whose whose) const;
    void handle_close(Time now);
    void handle_reveal(ByteView content);
    void delivered(const MessageDelivered& message, Time now);
    void start_due_controls(Time now);
    void reveal_and_finish(Time now);
    void finish_if_closed(Time now);
    void refuse(SecurityEventKind kind, std::string_view reason, std::size_t size);
    void enqueue_control(ContentType type, SecretBuffer content, Time now);
    [[nodiscard]] bool deniable() const { return options_.deniable && peer_deniable_; }

    enum class Closing : u8 { open, asked, acknowledged };

    Role role_;
    SessionIdBytes session_id_;
    NodeOptions options_;
    Rng& rng_;
    SessionKeySupply& supply_;
    CiphertextLog& log_;
    Conversation conversation_;
    Resumption resumption_;
    EfkLifecycle efk_;
    IdentityRotation rotation_;
    EndorsementOnce own_endorsement_;
    EndorsementOnce peer_endorsement_;
    std::deque<Output> outputs_;

    bool ended_ = false;
    bool confirmed_ = false;
    bool greeted_ = false;
    bool peer_deniable_ = false;
    bool peer_closed_ = false;
    bool peer_left_first_ = false;
    bool last_reveal_sent_ = false;
    bool last_reveal_received_ = false;
    u32 wrong_reveals_ = 0;
    Closing closing_ = Closing::open;
    std::string peer_name_;
    std::optional<LostReason> announced_loss_;
    std::optional<Time> offline_since_;
    std::optional<Time> close_deadline_;
    std::optional<Time> planned_reconnect_;
    Time last_typing_{};
};

}  // namespace chat
