#pragma once
/// Both identities of a session and how each is replaced with proof (docs/protocol.md 1, "Rotation").

#include <memory>
#include <optional>

#include "hybrid_kex/rotation.hpp"
#include "secure_p2p/cell_cipher.hpp"
#include "secure_p2p/events.hpp"
#include "secure_p2p/key_supply.hpp"

namespace chat {

class IdentityRotation {
  public:
    /// `interval` zero: never by itself.
    IdentityRotation(Role own_role, const SessionIdBytes& session_id, std::shared_ptr<IdentityKeys> own,
                     const IdentityPublic& peer, Duration interval, Time now);

    /// The timer is over or rotate() was asked for, and none is under way.
    [[nodiscard]] bool due(Time now) const;
    [[nodiscard]] std::optional<Time> due_time() const;
    void request() { requested_ = true; }

    /// Content of the message by which a fresh identity follows the present one; empty when the supply has none (a kept
    /// identity). KeyError when the holder of the new keys fails.
    [[nodiscard]] Result<std::optional<SecretBuffer>, KeyError> begin(const CellCipher& cipher,
                                                                      SessionKeySupply& supply, Time now);
    /// The peer acknowledged all of it: the new identity is the own one.
    [[nodiscard]] IdentityRotated acknowledged();
    [[nodiscard]] bool under_way() const { return next_ != nullptr; }

    /// A rotation message of the peer, all its cells signed under `efk_index`.
    [[nodiscard]] Result<IdentityRotated, RotationError> accept(ByteView content, u32 efk_index,
                                                                const CellCipher& cipher);

    [[nodiscard]] const std::shared_ptr<IdentityKeys>& own() const { return own_; }
    [[nodiscard]] const IdentityPublic& peer() const { return peer_; }

  private:
    Role own_role_;
    SessionIdBytes session_id_;
    std::shared_ptr<IdentityKeys> own_;
    std::shared_ptr<IdentityKeys> next_;
    IdentityPublic peer_;
    Duration interval_;
    Time last_;
    bool requested_ = false;
};

}  // namespace chat
