#pragma once
/// The two directions of a session as the owner of a state sees them. They tag keys, so that one for sending can't enter a chain for
/// receiving: `template <class Direction> using ChainKey = Secret<struct ChainKeyTag<Direction>, 32>;`

#include "base/roles.hpp"

namespace chat {

struct Sending {
    /// Who sends in this direction.
    [[nodiscard]] static constexpr Role sender(Role own) { return own; }
};

struct Receiving {
    [[nodiscard]] static constexpr Role sender(Role own) { return other(own); }
};

}  // namespace chat
