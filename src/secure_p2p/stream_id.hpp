#pragma once

#include "base/bytes.hpp"

namespace chat {

/// Names a stream; chosen by the owner of the sockets, never used twice within a node's life.
using StreamId = u64;

}  // namespace chat
