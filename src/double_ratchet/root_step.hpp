#pragma once
/// Root steps and what stands before the first one (docs/protocol.md 5.2 and 6):
///     RK_k 64 | chain secret 32 | HK_(k+2) 32 | application secret 32 = HKDF-SHA512(RK_(k-1), dh_out || kem_ss, label, 160)

#include "crypto/session_secret.hpp"
#include "double_ratchet/directed_keys.hpp"
#include "double_ratchet/ratchet_keys.hpp"

namespace chat {

/// RK_0: expanded from root_key.
[[nodiscard]] RatchetRoot initial_root(const RootKey& root_key);

/// HK_1 when `sender` is A, HK_2 when it is B: the key of the sender's first chain, expanded from root_key.
template <class Direction>
[[nodiscard]] HeaderKey<Direction> first_header_key(const RootKey& root_key, Role sender);

/// What step k makes. Direction is that of chain k.
template <class Direction>
struct RootStep {
    RatchetRoot root;
    ChainSecret<Direction> chain_secret;
    HeaderKey<Direction> next_header_key;  ///< of chain k + 2, the next of the same side
    ApplicationSecret application_secret;
};

template <class Direction>
[[nodiscard]] RootStep<Direction> root_step(const RatchetRoot& root, const X25519SharedSecret& dh,
                                            const MlKem1024SharedSecret& kem);

}  // namespace chat
