#pragma once
/// What the person chose for a session, and the words for what can't be sent.

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace chat {

inline constexpr Duration max_resume_for = std::chrono::hours{24};

/// How long an identity lives, as its owner says.
enum class IdentityLife : u8 {
    one_run,  ///< made for this run of the program
    kept,     ///< the same from one run to the next
};

struct NodeOptions {
    std::string name;                                    ///< shown to the peer, at most 64 bytes of UTF-8
    Duration resume_for = std::chrono::hours{1};         ///< docs/protocol.md 10; at most a day
    Duration rotation_interval = std::chrono::hours{1};  ///< zero: never by itself
    std::optional<u32> cover_cells_per_second;           ///< constant-rate cover traffic, 1 to 1000
    IdentityLife identity_life = IdentityLife::one_run;
    bool hardware_backed = false;  ///< a device co-signs: EndorsementWanted once a session
    bool deniable = false;         ///< docs/protocol.md 11, when the peer wants it, too
};

enum class SendError : u8 {
    too_long,  ///< over 64 KiB
    not_utf8,
    queue_full,  ///< too much waits already
    no_session,  ///< nobody is connected yet
    closing,
};
[[nodiscard]] std::string_view describe(SendError error);

/// How a stream is to be ended by the owner of the sockets.
enum class StreamEnd : u8 {
    orderly,  ///< after what was transmitted has gone out
    reset,    ///< at once, with a TCP reset
};

}  // namespace chat
