#pragma once
/// A device's co-signature on the wire (docs/protocol/01-identity.md, "Hardware endorsement"): once a session, each side for its
/// own identity.
///     kind of device u8 | P-384 public key 97 | ECDSA signature 96

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "hybrid_kex/hardware_endorsement.hpp"
#include "secure_p2p/events.hpp"

namespace chat {

inline constexpr std::size_t endorsement_size = 1 + EcdsaP384PublicKey::size + EcdsaP384Signature::size;

struct Endorsement {
    DeviceKind kind{};
    EcdsaP384PublicKey key;
    EcdsaP384Signature signature;
};

enum class EndorsementRefusal : u8 {
    malformed,       ///< of another length
    unknown_device,  ///< no DeviceKind
    bad_key,         ///< no point of P-384
    bad_signature,   ///< not by this key for this session, side and identity
    repeated,        ///< one was sent already, whatever became of it
    no_session,      ///< own: there is no session for it
};
[[nodiscard]] std::string_view describe(EndorsementRefusal refusal);

[[nodiscard]] SecretBuffer encode(const Endorsement& endorsement);
/// malformed or unknown_device.
[[nodiscard]] Result<Endorsement, EndorsementRefusal> decode_session_endorsement(ByteView bytes);

/// One direction of a session: takes one endorsement and no second.
class EndorsementOnce {
  public:
    /// bad_key, bad_signature or repeated.
    [[nodiscard]] Result<void, EndorsementRefusal> take(const Endorsement& endorsement,
                                                        const HardwareEndorsement& statement);
    /// One came that could not even be read.
    void spend() { spent_ = true; }
    [[nodiscard]] bool spent() const { return spent_; }

  private:
    bool spent_ = false;
};

}  // namespace chat
