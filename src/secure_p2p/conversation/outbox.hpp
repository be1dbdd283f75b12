#pragma once
/// What this side still owes the peer: messages not sealed yet, and sealed cells not acknowledged yet, which go out again as
/// they were after a disconnect (docs/protocol.md 8 and 10).

#include <deque>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "double_ratchet/cell.hpp"
#include "secure_p2p/conversation/cell_content.hpp"

namespace chat {

/// Waiting texts beyond this are refused at once, so that a peer who never comes back can't fill protected memory.
inline constexpr std::size_t max_queued_messages = 1000;
inline constexpr std::size_t max_queued_bytes = 1024UL * 1024;
/// Sealed cells that may be unacknowledged; the last 64 are for acknowledgements and heartbeats alone, so that two full
/// windows can always free each other.
inline constexpr std::size_t window_cells = 512;
inline constexpr std::size_t window_cells_for_content = window_cells - 64;

class Outbox {
  public:
    struct Delivered {
        ContentType type{};
        u32 stream = 0;
    };
    /// One fragment to seal; `content` is borrowed from the queue until pop_fragment().
    struct Fragment {
        ContentHeader header;
        ByteView content;
    };

    /// Queues a message of up to 64 fragments; returns its number. Urgent ones (control) overtake texts, but never cut into a
    /// message that has begun. Empty when the queue is full.
    enum class Priority : u8 { normal, urgent };
    [[nodiscard]] std::optional<u32> enqueue(ContentType type, SecretBuffer content, Priority priority);

    [[nodiscard]] std::optional<Fragment> next_fragment();
    /// The fragment of next_fragment() was sealed into `cell`.
    void pop_fragment(const Cell& cell);
    /// A cell of no message (acknowledgement, heartbeat, filler) was sealed.
    void sent_single(const Cell& cell, ContentType type);

    /// The peer accepted the first `count` of our cells; older values change nothing. Empty when it is more than was sent.
    [[nodiscard]] std::optional<std::vector<Delivered>> acknowledge(u64 count);

    [[nodiscard]] u64 cells_sent() const { return acknowledged_ + unacknowledged_.size(); }
    [[nodiscard]] u64 acknowledged() const { return acknowledged_; }
    [[nodiscard]] std::size_t unacknowledged() const { return unacknowledged_.size(); }
    /// For resending: the i-th unacknowledged cell.
    [[nodiscard]] const Cell& unacknowledged_cell(std::size_t i) const { return unacknowledged_[i].cell; }
    [[nodiscard]] std::size_t queued_messages() const { return urgent_.size() + normal_.size(); }
    /// Texts that are not confirmed, oldest first.
    [[nodiscard]] std::vector<u32> unconfirmed_texts() const;

  private:
    struct Message {
        ContentType type{};
        u32 stream = 0;
        SecretBuffer content;
        u16 sealed_fragments = 0;
        [[nodiscard]] u16 fragment_count() const;
    };
    struct SentCell {
        Cell cell;
        ContentType type{};
        u32 stream = 0;
        bool completes_message = false;
    };

    std::deque<Message> urgent_;
    std::deque<Message> normal_;
    std::optional<Message> sealing_;
    std::deque<SentCell> unacknowledged_;
    std::size_t queued_bytes_ = 0;
    u64 acknowledged_ = 0;
    u32 next_stream_ = 1;
};

}  // namespace chat
