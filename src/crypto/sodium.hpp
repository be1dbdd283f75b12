#pragma once
/// Inside of this room: libsodium made ready.

namespace chat {

/// Lets libsodium choose its implementations for this processor, once. Throws std::runtime_error when it can't start.
void ensure_sodium();

}  // namespace chat
