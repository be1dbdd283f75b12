#pragma once
/// The two sides of a session and the two sides of a stream (docs/protocol.md, "Roles").

#include "base/bytes.hpp"

namespace chat {

/// A joined with the invite (or dialled, without one); B made it (or listened). Fixed for the whole session.
enum class Role : u8 { a = 'A', b = 'B' };

[[nodiscard]] constexpr Role other(Role role) { return role == Role::a ? Role::b : Role::a; }

/// Who opened one stream; a resumed session may be dialled by either role.
enum class StreamSide : u8 { dialler, listener };

using SessionIdBytes = PublicBytes<struct SessionIdTag, 32>;
using Fingerprint = PublicBytes<struct FingerprintTag, 32>;
/// H over the three bootstrap frames (docs/protocol.md 3).
using BootstrapTranscript = PublicBytes<struct BootstrapTranscriptTag, 64>;
/// The TLS exporter that binds what runs inside to the channel (docs/protocol.md 4).
using TlsExporter = PublicBytes<struct TlsExporterTag, 32>;

}  // namespace chat
