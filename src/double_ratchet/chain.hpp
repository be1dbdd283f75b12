#pragma once
/// A symmetric chain (docs/protocol.md 6): the chain secret of a root step starts it, HMAC-SHA256 moves it on, and each of its keys gives
/// one message key.

#include "double_ratchet/directed_keys.hpp"

namespace chat {

/// `sender` is the side that sends in this chain; both sides derive the same key.
template <class Direction>
[[nodiscard]] ChainKey<Direction> begin_chain(const ChainSecret<Direction>& secret, Role sender);

template <class Direction>
[[nodiscard]] MessageKey<Direction> message_key(const ChainKey<Direction>& key);

template <class Direction>
[[nodiscard]] ChainKey<Direction> next_chain_key(const ChainKey<Direction>& key);

}  // namespace chat
