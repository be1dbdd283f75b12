#pragma once
/// Keys of the application cipher and how they follow from one another (docs/protocol.md 7).
///     app_root_0 64            = HKDF-SHA512(bootstrap_transcript, bootstrap_secret, 'application layer root', 64)
///     app_root_k 64 | chain 32 = HKDF-SHA512(app_root_(k-1), application secret of step k, 'application layer epoch', 96)
///     message key              = HMAC-SHA256(chain key, 'application layer message key')
///     next chain key           = HMAC-SHA256(chain key, 'application layer next chain key')

#include "base/direction.hpp"
#include "base/roles.hpp"
#include "crypto/session_secret.hpp"

namespace chat {

template <class Direction>
struct ApplicationChainKeyTag;
template <class Direction>
struct ApplicationMessageKeyTag;

using ApplicationRoot = Secret<struct ApplicationRootTag, 64>;  // app_root_k
template <class Direction>
using ApplicationChainKey = Secret<ApplicationChainKeyTag<Direction>, 32>;
template <class Direction>
using ApplicationMessageKey = Secret<ApplicationMessageKeyTag<Direction>, 32>;

[[nodiscard]] ApplicationRoot initial_application_root(const BootstrapSecret& secret,
                                                       const BootstrapTranscript& transcript);

/// Direction is that of the chain of the new epoch.
template <class Direction>
struct ApplicationStep {
    ApplicationRoot root;
    ApplicationChainKey<Direction> chain_key;
};

template <class Direction>
[[nodiscard]] ApplicationStep<Direction> application_step(const ApplicationRoot& root,
                                                          const ApplicationSecret& secret);

template <class Direction>
[[nodiscard]] ApplicationMessageKey<Direction> application_message_key(
    const ApplicationChainKey<Direction>& key);

template <class Direction>
[[nodiscard]] ApplicationChainKey<Direction> next_application_chain_key(
    const ApplicationChainKey<Direction>& key);

}  // namespace chat
