#pragma once
/// Layer 1: the certificate exchange, as states (docs/protocol.md 3). Each step consumes its state and gives the next one with what
/// to send; a refusal gives an error and ends the exchange.
///
///     dialler                                     listener
///     start()             -- hello  1673 -->      HelloGate::try_hello()  -> OpenedHello
///     AwaitingReply       <-- reply 9848 --       OpenedHello::reply()    -> AwaitingFinish     (or refuse(): a reply, then the end)
///     accept_reply()      -- finish 8208 -->      accept_finish()
///     BootstrapDone                               AcceptedDialler
///
/// The listener's half is in hello_gate.hpp.

#include "base/result.hpp"
#include "base/rng.hpp"
#include "base/roles.hpp"
#include "ca_services/bootstrap_error.hpp"
#include "ca_services/certificate.hpp"
#include "crypto/session_secret.hpp"
#include "crypto/x25519.hpp"
#include "quantcrypt/mlkem1024.hpp"

namespace chat {

inline constexpr std::size_t bootstrap_hello_size = 1673;
inline constexpr std::size_t bootstrap_reply_size = 9848;
inline constexpr std::size_t bootstrap_finish_size = 8208;

/// What layer 1 leaves behind.
struct BootstrapDone {
    CertificateDer peer_certificate;
    BootstrapSecret secret;
    BootstrapTranscript transcript;
};

/// The dialler after its hello: holds the ephemeral private keys. Movable.
class AwaitingReply {
  public:
    struct Finished {
        BootstrapDone done;
        Bytes
            finish;  ///< bootstrap_finish_size bytes to send; the TLS ClientHello may follow in the same write
    };
    /// `reply` is the whole frame. The listener's own refusals are spent, expired and busy.
    [[nodiscard]] Result<Finished, BootstrapError> accept_reply(ByteView reply) &&;

  private:
    friend class BootstrapDialler;
    AwaitingReply() = default;

    Role own_role_{};
    PresharedSecret psk_;
    x25519::KeyPair dh_;
    MlKem1024Seed kem_seed_;
    Bytes own_certificate_;
    Bytes hello_;
};

class BootstrapDialler {
  public:
    struct Started {
        AwaitingReply state;
        Bytes hello;  ///< bootstrap_hello_size bytes to send
    };
    /// Under an invite or resume secret, which the caller keeps and which is not all zeros (a bug, and asserts); `own_role` is the session role (A for an invite). Throws RngFailure.
    [[nodiscard]] static Started start(const PresharedSecret& secret, Role own_role,
                                       const CertificateDer& own_certificate, Rng& rng);
    /// Under the zero secret, to a listener without invites. The dialler is A.
    [[nodiscard]] static Started start_open(const CertificateDer& own_certificate, Rng& rng);

  private:
    static Started start_under(const PresharedSecret& secret, Role own_role,
                               const CertificateDer& own_certificate, Rng& rng);
};

}  // namespace chat
