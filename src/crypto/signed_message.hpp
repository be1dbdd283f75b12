#pragma once
/// What every signature of the protocol is made over (docs/protocol.md, Conventions; 1): label, suite and signer first, so that no
/// signature fits another use, key, side or protocol.

#include <string_view>

#include "base/bytes.hpp"
#include "base/roles.hpp"

namespace chat {

/// H(label, key behind its length): which public key a signature is verified under.
using VerificationKeyHash = PublicBytes<struct VerificationKeyHashTag, 64>;
/// `verification_key` is an identity_public or an EFK.
[[nodiscard]] VerificationKeyHash verification_key_hash(ByteView verification_key);

/// u32 length | label | u32 length | suite | H(verification key) 64 | role u8 | fields.
class SignedMessage {
  public:
    /// `label` comes from crypto/info.hpp and fixes the list of fields.
    SignedMessage(std::string_view label, const VerificationKeyHash& verification_key, Role signer);

    /// A field whose size the label fixes.
    SignedMessage& fixed(ByteView field);
    SignedMessage& fixed_u32(u32 value);

    [[nodiscard]] ByteView view() const { return bytes_; }
    [[nodiscard]] Bytes take() && { return std::move(bytes_); }

  private:
    void variable(ByteView field);

    Bytes bytes_;
};

}  // namespace chat
