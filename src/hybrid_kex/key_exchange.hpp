#pragma once
/// Hybrid X3DH + ML-KEM-1024 (docs/protocol.md 5). A state is a type; a transition consumes it and gives the next one, or an error after
/// which nothing of the handshake is left.
///
///     A  start_as_a    -> AwaitingInit, bundle        B  accept_bundle -> AwaitingResp, init
///        accept_init   -> Established,  resp             accept_resp   -> Established
///
/// Neither side believes anything of a message before all checks on it passed, and A's identity keys work only for a peer whose
/// signatures verified. An Rng that throws leaves nothing behind either. Nothing here reads a clock: timeouts are the session's.

#include <memory>
#include <optional>

#include "base/rng.hpp"
#include "hybrid_kex/ephemeral_signing_pair.hpp"
#include "hybrid_kex/established.hpp"
#include "hybrid_kex/identity_keys.hpp"
#include "hybrid_kex/kex_error.hpp"
#include "hybrid_kex/messages.hpp"

namespace chat {

/// What a handshake is bound to. Both sides must hold the same.
struct KexContext {
    BootstrapTranscript bootstrap_transcript;
    TlsExporter tls_exporter;
    /// The fingerprint of B's identity that the invite names; none on an open listener. At B it is that of the identity in use.
    std::optional<Fingerprint> invited_identity;
};

struct StartedA;
struct AgreedA;
struct StartedB;

/// A after its bundle went out. Borrows the IdentityKeys until accept_init.
class AwaitingInit {
  public:
    AwaitingInit(AwaitingInit&&) noexcept;
    AwaitingInit& operator=(AwaitingInit&&) noexcept;
    AwaitingInit(const AwaitingInit&) = delete;
    AwaitingInit& operator=(const AwaitingInit&) = delete;
    ~AwaitingInit();

    /// Checks `init`, in the order of docs/protocol.md 5.3, and makes resp. Throws RngFailure.
    [[nodiscard]] Result<AgreedA, KexError> accept_init(ByteView init, Rng& rng) &&;

  private:
    struct State;
    friend Result<StartedA, KexError> start_as_a(const KexContext&, IdentityKeys&, EphemeralSigningPair,
                                                 Rng&);
    explicit AwaitingInit(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

struct StartedA {
    AwaitingInit next;
    BundleBytes bundle;
};

struct AgreedA {
    Established session;
    RespBytes resp;  ///< to send at once, with A's first cell behind it
};

/// B after its init went out. Borrows the IdentityKeys until accept_resp.
class AwaitingResp {
  public:
    AwaitingResp(AwaitingResp&&) noexcept;
    AwaitingResp& operator=(AwaitingResp&&) noexcept;
    AwaitingResp(const AwaitingResp&) = delete;
    AwaitingResp& operator=(const AwaitingResp&) = delete;
    ~AwaitingResp();

    /// Checks `resp`. Success is the moment of agreement (docs/protocol.md 5.5).
    [[nodiscard]] Result<Established, KexError> accept_resp(ByteView resp) &&;

  private:
    struct State;
    friend Result<StartedB, KexError> accept_bundle(const KexContext&, IdentityKeys&, EphemeralSigningPair,
                                                    ByteView, Rng&);
    explicit AwaitingResp(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

struct StartedB {
    AwaitingResp next;
    InitBytes init;
};

/// A begins. identity_keys_unavailable. Throws RngFailure.
[[nodiscard]] Result<StartedA, KexError> start_as_a(const KexContext& context, IdentityKeys& keys,
                                                    EphemeralSigningPair signing, Rng& rng);

/// B answers a bundle. Throws RngFailure.
[[nodiscard]] Result<StartedB, KexError> accept_bundle(const KexContext& context, IdentityKeys& keys,
                                                       EphemeralSigningPair signing, ByteView bundle,
                                                       Rng& rng);

}  // namespace chat
