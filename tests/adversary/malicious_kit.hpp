#pragma once
/// What a malicious holder of the invite needs: an identity, an ephemeral key, certificates and the invite
/// itself.

#include "adversary/peer_channel.hpp"
#include "adversary/scenario.hpp"
#include "hybrid_kex/key_schedule.hpp"
#include "hybrid_kex/peer_checks.hpp"
#include "p2p_core/invite.hpp"
#include "support/bootstrap_kit.hpp"
#include "support/kex_fixtures.hpp"

namespace chat::test {

struct MaliciousKit {
    explicit MaliciousKit(u64 seed) : rng{seed}, identity{stored_identity(StoredPair::stranger, rng)} {}

    [[nodiscard]] static EphemeralSigningPair efk() { return stored_signing_pair(StoredPair::stranger_efk); }
    [[nodiscard]] PeerChannel dial(u16 port, const Invite& invite) {
        return PeerChannel::dial(port, invite.secret, Credentials::honest(rng), tls, rng);
    }
    [[nodiscard]] static KexContext context(const PeerChannel& channel, const Fingerprint& host) {
        return {channel.transcript(), channel.exporter(), host};
    }

    SeededRng rng;
    TlsContext tls;
    std::unique_ptr<IdentityKeys> identity;
};

/// A message with some of its bytes replaced.
template <class Message>
Message with_bytes(Message message, std::size_t at, ByteView bytes) {
    std::copy(bytes.begin(), bytes.end(), message.bytes.begin() + static_cast<std::ptrdiff_t>(at));
    return message;
}
template <class Message>
Message with_flip(Message message, std::size_t at) {
    message.bytes.at(at) ^= 1U;
    return message;
}

// Where the parts of the messages begin (docs/protocol.md 5.1).
namespace at {
constexpr std::size_t identity_mlkem = 1793 + 32 + 32;
constexpr std::size_t bundle_pqspk = 3425 + 32;
constexpr std::size_t bundle_efk = bundle_pqspk + 1568;
constexpr std::size_t init_efk = 3425;
constexpr std::size_t init_ek = init_efk + 1793;
constexpr std::size_t init_pqek = init_ek + 32;
constexpr std::size_t init_ct1 = init_pqek + 1568;
constexpr std::size_t init_ct2 = init_ct1 + 1568;
constexpr std::size_t resp_ct3 = 32;
constexpr std::size_t resp_ct4 = resp_ct3 + 1568;
constexpr std::size_t resp_sas_nonce = resp_ct4 + 1568;
}  // namespace at

}  // namespace chat::test
