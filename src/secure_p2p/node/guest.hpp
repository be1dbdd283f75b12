#pragma once
/// When A dials and under which secret (docs/protocol.md 5.5 and 10): the invite until its session has shown B's first cell, then
/// the resume secret; in between, both in turn, because exactly one of them is live at B.

#include <optional>

#include "base/roles.hpp"
#include "crypto/session_secret.hpp"
#include "p2p_core/backoff.hpp"

namespace chat {

enum class DialUnder : u8 { invite, open, resume };

class Guest {
  public:
    /// `secret` empty: the open way, whose handshake is never repeated without the person.
    Guest(std::optional<PresharedSecret> secret, std::optional<Fingerprint> host)
        : secret_{std::move(secret)}, host_{host} {}

    [[nodiscard]] const PresharedSecret* secret() const { return secret_ ? &*secret_ : nullptr; }
    [[nodiscard]] const std::optional<Fingerprint>& host() const { return host_; }

    /// Under which secret to dial next; empty when there is none left.
    [[nodiscard]] std::optional<DialUnder> next(bool half_made_session, bool confirmed_session);
    /// A session was confirmed, or the invite turned out to be spent: its secret is wiped.
    void forget_invite() { secret_.reset(); }

  private:
    std::optional<PresharedSecret> secret_;
    std::optional<Fingerprint> host_;
    bool dialled_before_ = false;
    DialUnder last_ = DialUnder::invite;
};

}  // namespace chat
