#pragma once
/// The ratchet's keys as types: one for each use and direction. Names of docs/protocol.md 6 on the right.

#include "base/direction.hpp"
#include "base/secret.hpp"

namespace chat {

template <class Direction>
struct ChainSecretTag;
template <class Direction>
struct ChainKeyTag;
template <class Direction>
struct MessageKeyTag;
template <class Direction>
struct HeaderKeyTag;

using RatchetRoot = Secret<struct RatchetRootTag, 64>;  // RK_k

template <class Direction>
using ChainSecret = Secret<ChainSecretTag<Direction>, 32>;
template <class Direction>
using ChainKey = Secret<ChainKeyTag<Direction>, 32>;
template <class Direction>
using MessageKey = Secret<MessageKeyTag<Direction>, 32>;
template <class Direction>
using HeaderKey = Secret<HeaderKeyTag<Direction>, 32>;  // HK_k

}  // namespace chat
