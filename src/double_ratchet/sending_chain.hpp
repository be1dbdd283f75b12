#pragma once
/// A chain that this side sends in (docs/protocol.md 6).

#include "double_ratchet/header.hpp"

namespace chat {

struct SendingChain {
    HeaderKey<Sending> header_key;
    ChainKey<Sending> key;  ///< gives the message key of `next`
    ChainFields fields;
    CellIndex next;
};

}  // namespace chat
