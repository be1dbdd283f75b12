#pragma once
/// The port through which slow-made keys come: pairs and certificates that were made ahead in the background, so that a
/// handshake does not wait for key generation. An implementation whose stock is empty makes the thing on the spot.

#include <memory>

#include "ca_services/certificate.hpp"
#include "double_ratchet/cell_signature.hpp"
#include "hybrid_kex/ephemeral_signing_pair.hpp"
#include "hybrid_kex/identity_keys.hpp"

namespace chat {

/// An EFK that replaces another inside a session; the seed is what a deniable session reveals in the end.
struct CellSigningKey {
    falcon1024::Seed seed;
    std::unique_ptr<CellSigner> signer;
};

/// What a session needs once it stands.
class SessionKeySupply {
  public:
    SessionKeySupply() = default;
    SessionKeySupply(const SessionKeySupply&) = delete;
    SessionKeySupply& operator=(const SessionKeySupply&) = delete;
    virtual ~SessionKeySupply() = default;

    [[nodiscard]] virtual CellSigningKey take_cell_signing_key() = 0;
    /// A fresh ephemeral identity, for a rotation. Null when the identity is a kept one, which does not rotate.
    [[nodiscard]] virtual std::shared_ptr<IdentityKeys> take_identity() = 0;
    [[nodiscard]] virtual const CellVerifierLoader& verifiers() const = 0;
};

/// What a handshake needs besides; nobody else gets what was taken.
class KeySupply : public SessionKeySupply {
  public:
    [[nodiscard]] virtual EphemeralSigningPair take_ephemeral_pair() = 0;
    /// For one connection.
    [[nodiscard]] virtual ChannelCertificate take_certificate() = 0;
};

}  // namespace chat
