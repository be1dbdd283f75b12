#pragma once
/// Reliable, ordered, exactly-once exchange of messages over cells, across any number of streams (docs/protocol.md 8 and 10).
/// It knows nothing of streams: someone says when cells can flow (go_online, go_offline), feeds cells in and takes cells out.
///
/// A cell is accepted only if it is the next one in the peer's sequence. One that fails any check is dropped and reported. If
/// that one was the peer's, the next honest cell shows a gap, and Unusable{gap} asks for a new stream, on which everything
/// above the acknowledged number comes again.

#include <deque>
#include <variant>

#include "secure_p2p/cell_cipher.hpp"
#include "secure_p2p/conversation/acknowledgements.hpp"
#include "secure_p2p/conversation/inbox.hpp"
#include "secure_p2p/conversation/outbox.hpp"
#include "secure_p2p/events.hpp"

namespace chat {

inline constexpr Duration heartbeat_interval = std::chrono::seconds{15};
inline constexpr Duration heartbeat_jitter = std::chrono::seconds{3};
inline constexpr Duration silence_limit = std::chrono::seconds{60};
/// Cells sealed in one go, so that a long queue does not hold up what arrives.
inline constexpr std::size_t seal_batch = 16;

struct SendCell {
    Cell cell;
};
struct MessageDelivered {
    ContentType type{};
    u32 stream = 0;
};
struct Unusable {
    LostReason reason{};
};
using ConversationOutput = std::variant<SendCell, ReceivedMessage, MessageDelivered, Unusable, SecurityEvent>;

class Conversation {
  public:
    /// `rng` outlives the conversation. With `cover_cells_per_second` cells leave at that rate and not otherwise.
    Conversation(CellCipher cipher, Rng& rng, std::optional<u32> cover_cells_per_second);

    /// Queues a message; its number, or nothing when the queue is full.
    [[nodiscard]] std::optional<u32> enqueue(ContentType type, SecretBuffer content,
                                             Outbox::Priority priority, Time now);

    /// Cells can flow. `peer_acknowledged` is how many of ours the peer has; false when that is more than were sent. Resends
    /// the rest as it was.
    [[nodiscard]] bool go_online(u64 peer_acknowledged, Time now);
    void go_offline(Time now);
    [[nodiscard]] bool online() const { return online_; }

    void receive_cell(std::span<const u8, cell_size> cell, Time now);
    void tick(Time now);
    /// An acknowledgement leaves with the next pump, not after the delay.
    void acknowledge_now(Time now);

    [[nodiscard]] std::optional<ConversationOutput> poll();
    [[nodiscard]] std::optional<Time> next_deadline() const;

    [[nodiscard]] const Outbox& outbox() const { return outbox_; }
    /// Cells of the peer accepted without a gap: what a resume frame tells.
    [[nodiscard]] u64 accepted() const { return acknowledgements_.count(); }
    /// The resume frame with accepted() in it went out.
    void told_acknowledgement() { acknowledgements_.told(); }
    [[nodiscard]] CellCipher& cipher() { return cipher_; }
    [[nodiscard]] const CellCipher& cipher() const { return cipher_; }
    /// Time spent online: the clock by which skipped keys age.
    [[nodiscard]] Time connected_time(Time now) const;

  private:
    void pump(Time now);
    void pump_at_cover_rate(Time now);
    void send_fragment(const Outbox::Fragment& fragment, Time now);
    void send_single(ContentType type, Time now);
    [[nodiscard]] Cell seal(const ContentHeader& header, ByteView content);
    void handle_content(const CellCipher::Opened& opened, std::size_t size, Time now);
    [[nodiscard]] bool take_acknowledgement(u64 count, Time now);
    void report(SecurityEventKind kind, std::string_view reason, std::size_t size);
    void become_unusable(LostReason reason);
    void schedule_heartbeat(Time now);
    [[nodiscard]] bool room_for_content() const {
        return outbox_.unacknowledged() < window_cells_for_content;
    }
    [[nodiscard]] bool room_for_control() const { return outbox_.unacknowledged() < window_cells; }

    CellCipher cipher_;
    /// Scratch of seal(), kept since guarded memory of this size costs several system calls.
    Secret<struct InnerRecordTag, inner_record_size> record_;
    Rng& rng_;
    std::optional<Duration> cover_interval_;
    Outbox outbox_;
    Inbox inbox_;
    Acknowledgements acknowledgements_;
    std::deque<ConversationOutput> outputs_;
    bool online_ = false;
    bool unusable_ = false;
    bool batch_full_ = false;
    Time online_since_{};
    Duration connected_before_{};
    Time last_heard_{};
    Time next_heartbeat_{};
    Time next_cover_{};
    std::optional<Time> stalled_since_;
};

}  // namespace chat
