#pragma once
/// From what a first connection agreed to a session.

#include <memory>

#include "secure_p2p/node/connection.hpp"
#include "secure_p2p/session/session.hpp"

namespace chat {

[[nodiscard]] std::unique_ptr<Session> make_session(Agreement agreement, const NodeOptions& options, Rng& rng,
                                                    SessionKeySupply& supply, CiphertextLog& log, Time now);
[[nodiscard]] Verification verification_of(PeerAssurance assurance);
[[nodiscard]] PeerIdentified identify_peer(const Established& established);

}  // namespace chat
