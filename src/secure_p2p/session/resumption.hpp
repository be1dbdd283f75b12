#pragma once
/// Which stream carries the session, and how another one takes over (docs/protocol.md 10). A state machine of stream numbers,
/// attempts and acknowledged counts: it holds no queue and seals nothing but resume frames.
///
/// A picks the stream by sending a resume frame on it, after it stopped reading every other. B accepts the frame if its attempt is
/// higher than any before, lets go of every older stream and answers. Neither sends a cell before it accepted the other's frame.

#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "secure_p2p/session/resume_frame.hpp"
#include "secure_p2p/stream_id.hpp"

namespace chat {

/// Streams of one session that got through TLS and wait for a resume frame; the oldest makes room.
inline constexpr std::size_t max_resume_candidates = 4;
/// How long an answer to a resume frame may take.
inline constexpr Duration resume_answer_limit = std::chrono::seconds{10};
/// A second stream of A's replaces one whose answer is late by this much, and waits no longer.
inline constexpr Duration resume_patience = std::chrono::seconds{2};

class Resumption {
  public:
    struct SendFrame {
        StreamId stream{};
        ResumeFrameBytes frame;
    };
    /// Close it; nothing that is unread in it counts.
    struct Drop {
        StreamId stream{};
    };
    /// The current stream is given up for another.
    struct Offline {};
    /// Cells flow on `stream`; the peer has `peer_acknowledged` of ours.
    struct Online {
        StreamId stream{};
        u64 peer_acknowledged = 0;
    };
    using Action = std::variant<SendFrame, Drop, Offline, Online>;

    Resumption(Role own_role, ResumeFrames frames, Rng& rng);

    /// The stream of the key exchange carries the session from the beginning.
    void begin(StreamId stream) { current_ = stream; }
    /// Another stream got through TLS. `accepted`: cells of the peer accepted without a gap.
    void stream_secured(StreamId stream, const TlsExporter& exporter, u64 accepted, Time now);
    /// A resume frame came on a stream of this session. `sent`: how many cells the peer may acknowledge.
    [[nodiscard]] Result<void, ResumeError> receive(StreamId stream, ByteView frame, u64 accepted, u64 sent);
    /// The stream is gone (or given up by its owner).
    void stream_lost(StreamId stream);
    void tick(Time now);

    [[nodiscard]] std::optional<Action> poll();
    [[nodiscard]] std::optional<Time> next_deadline() const;
    [[nodiscard]] std::optional<StreamId> current() const { return current_; }
    /// A stream is on its way to become the current one.
    [[nodiscard]] bool pending() const { return !candidates_.empty(); }
    [[nodiscard]] bool owns(StreamId stream) const;
    /// Every stream of the session, for its end.
    [[nodiscard]] std::vector<StreamId> streams() const;

  private:
    struct Candidate {
        StreamId stream{};
        TlsExporter exporter;
        Time since{};
    };
    void secured_at_a(const Candidate& candidate, u64 accepted);
    void drop(StreamId stream) { actions_.emplace_back(Drop{stream}); }
    void leave_current();

    Role own_role_;
    ResumeFrames frames_;
    Rng& rng_;
    std::optional<StreamId> current_;
    std::vector<Candidate> candidates_;
    u64 attempt_ = 0;  ///< A: of the last frame sent. B: of the last frame accepted.
    std::deque<Action> actions_;
};

}  // namespace chat
