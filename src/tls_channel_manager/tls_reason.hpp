#pragma once
/// OpenSSL's reasons as the room's errors. Internal to this room.

#include "tls_channel_manager/tls_error.hpp"

namespace chat {

enum class TlsPhase : u8 { handshake, established };

/// Takes everything out of this thread's OpenSSL error queue and names the first reason that has a name.
[[nodiscard]] TlsError take_openssl_error(TlsPhase phase);

}  // namespace chat
