#pragma once
/// Chains that the peer sends in (docs/protocol.md 6): the current one, and older ones of which message keys are kept.

#include <map>
#include <optional>

#include "double_ratchet/header.hpp"

namespace chat {

struct ReceivingChain {
    HeaderKey<Receiving> header_key;
    ChainKey<Receiving> key;  ///< gives the message key of `next`; wiped when the chain is over
    ChainFields fields;       ///< what its first opened header said
    u64 base = 0;  ///< position of its number 0: the sum of the lengths of the peer's earlier chains
    u32 next = 0;  ///< lowest number whose key was not derived yet
    std::optional<u32> length;  ///< known when the chain is over
};

/// By epoch; the last one is current.
using ReceivingChains = std::map<u32, ReceivingChain>;

}  // namespace chat
