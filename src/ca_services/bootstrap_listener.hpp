#pragma once
/// The listener's states of layer 1 after a hello was opened (docs/protocol.md 3).

#include "ca_services/bootstrap.hpp"

namespace chat {

/// What a live secret is for.
enum class SecretKind : u8 { invite, resume, open };

/// Whether a secret still lets anybody in.
enum class SecretStanding : u8 { live, spent, expired };

/// Names a secret in a HelloGate; never used twice.
struct SecretId {
    u64 value = 0;
    bool operator==(const SecretId&) const = default;
};

/// Status of the inner part; the numbers are those on the wire.
enum class BootstrapStatus : u8 { go_on = 0, spent = 1, expired = 2, busy = 3 };

struct AcceptedDialler {
    BootstrapDone done;
    SecretId secret_id;
    SecretKind kind{};
};

using FinishCertificateKey = Secret<struct FinishCertificateKeyTag, 32>;

/// The listener after its reply. Movable.
class AwaitingFinish {
  public:
    /// `finish` is the whole frame: wrong_length, unreadable, unknown_status, certificate_length, nonzero_padding, certificate_malformed.
    [[nodiscard]] Result<AcceptedDialler, BootstrapError> accept_finish(ByteView finish) &&;

    [[nodiscard]] SecretId secret_id() const { return secret_id_; }
    [[nodiscard]] SecretKind kind() const { return kind_; }

  private:
    friend class OpenedHello;
    AwaitingFinish() = default;

    SecretId secret_id_;
    SecretKind kind_{};
    FinishCertificateKey certificate_key_;
    BootstrapSecret secret_;
    Bytes hello_;
    Bytes reply_;
};

/// A hello that opened under a secret; its sender holds it. Public-key operations begin here. Movable.
class OpenedHello {
  public:
    [[nodiscard]] SecretId secret_id() const { return secret_id_; }
    [[nodiscard]] SecretKind kind() const { return kind_; }
    /// Anything but live: refuse() is the only way on.
    [[nodiscard]] SecretStanding standing() const { return standing_; }

    struct Replied {
        AwaitingFinish state;
        Bytes reply;  ///< bootstrap_reply_size bytes to send
    };
    /// Goes on; the secret must be live. bad_encapsulation_key or all_zero_dh, and then nothing is to be sent. Throws RngFailure.
    [[nodiscard]] Result<Replied, BootstrapError> reply(const CertificateDer& own_certificate, Rng& rng) &&;

    /// The reply that tells the dialler why not (spent, expired or busy); after it the exchange is over. Same errors.
    [[nodiscard]] Result<Bytes, BootstrapError> refuse(BootstrapStatus why, Rng& rng) &&;

  private:
    friend class HelloGate;
    OpenedHello() = default;

    struct Sealed {
        FinishCertificateKey certificate_key;
        BootstrapSecret secret;
        Bytes reply;
    };
    [[nodiscard]] Result<Sealed, BootstrapError> seal_reply(BootstrapStatus status, ByteView certificate,
                                                            Rng& rng) const;

    SecretId secret_id_;
    SecretKind kind_{};
    SecretStanding standing_{};
    Role own_role_{};
    PresharedSecret psk_;
    X25519PublicKey peer_dh_;
    MlKem1024EncapsulationKey peer_kem_;
    Bytes hello_;
};

}  // namespace chat
