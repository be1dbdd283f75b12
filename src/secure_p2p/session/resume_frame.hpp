#pragma once
/// The frame that opens a resumed stream in each direction (docs/protocol.md 10): as large as a cell, but outside every chain and
/// without a position, since a resume message that takes a place in the ratchet can lock a session out.
///     nonce 24 | XChaCha20-Poly1305 of: attempt u64 | acknowledged u64 | random fill to 5592 | tag 16

#include <string_view>

#include "base/result.hpp"
#include "base/rng.hpp"
#include "base/roles.hpp"
#include "crypto/session_secret.hpp"

namespace chat {

inline constexpr std::size_t resume_frame_size = 5632;
using ResumeFrameBytes = PublicBytes<struct ResumeFrameTag, resume_frame_size>;

struct ResumeFrame {
    u64 attempt = 0;       ///< counts up with A's attempts; B's answer repeats it
    u64 acknowledged = 0;  ///< cells of the receiver that the sender accepted without a gap
};

enum class ResumeError : u8 {
    wrong_length,
    unreadable,   ///< the tag fails: not this session, not this stream, or the sender's own frame reflected
    old_attempt,  ///< not above every attempt accepted before, or not the one that was made
    acknowledged_too_much,
};
[[nodiscard]] std::string_view describe(ResumeError error);

/// Seals and opens the frames of one session.
class ResumeFrames {
  public:
    /// Expands one key for each role from `root_key`.
    ResumeFrames(Role own_role, const SessionIdBytes& session_id, const RootKey& root_key);

    [[nodiscard]] ResumeFrameBytes seal(const ResumeFrame& frame, const TlsExporter& exporter,
                                        Rng& rng) const;
    /// wrong_length or unreadable.
    [[nodiscard]] Result<ResumeFrame, ResumeError> open(ByteView bytes, const TlsExporter& exporter) const;

  private:
    using FrameKey = Secret<struct ResumeFrameKeyTag, 32>;
    [[nodiscard]] Bytes associated_data(const TlsExporter& exporter) const;

    SessionIdBytes session_id_;
    FrameKey send_key_;
    FrameKey receive_key_;
};

/// resume_secret = HKDF-SHA256(session id, bootstrap_secret of the first connection, 'resume v1', 32).
[[nodiscard]] PresharedSecret derive_resume_secret(const SessionIdBytes& session_id,
                                                   const BootstrapSecret& bootstrap);

}  // namespace chat
