#pragma once
/// One stream's whole life: layers 1 and 2, then either the key exchange of a first connection or the hand-over to a session that
/// is resumed, then that session's frames.

#include <deque>
#include <memory>
#include <optional>
#include <variant>

#include "hybrid_kex/key_exchange.hpp"
#include "secure_p2p/key_supply.hpp"
#include "secure_p2p/node/link.hpp"
#include "secure_p2p/stream_id.hpp"

namespace chat {

/// What a first connection needs to know for its key exchange.
struct FirstContact {
    Role own_role{};
    std::shared_ptr<IdentityKeys> identity;
    /// A: the fingerprint that the invite names. B: that of `identity`, under an invite. None on the open way.
    std::optional<Fingerprint> invited_identity;
};

/// Everything the first connection agreed; enough to build a session from.
struct Agreement {
    Established established;
    BootstrapSecret bootstrap_secret;
    BootstrapTranscript bootstrap_transcript;
    std::shared_ptr<IdentityKeys> own_identity;
};

class Connection {
  public:
    struct Failed {
        Stage stage{};
        std::string reason;
        std::optional<BootstrapError> bootstrap_error;
        /// The transport went away, rather than the peer having done something wrong: worth another try.
        bool transport = false;
        bool orderly = false;
        bool framing = false;   ///< TLS stands; what came through it was no frame
        bool own_keys = false;  ///< the holder of this side's identity keys failed: nothing can go on
    };
    /// Layer 2 of a resumption stands.
    struct SecuredForResume {
        TlsExporter exporter;
    };
    /// A's bundle came (B only); answer it with allow_init() or give the connection up.
    struct BundleArrived {};
    using Output = std::variant<Link::Write, Link::Authenticated, Link::Received, SecuredForResume,
                                BundleArrived, Agreement, StageReached, Failed>;

    /// `first` empty: the stream resumes a session.
    Connection(Link link, std::optional<FirstContact> first, KeySupply& supply, Rng& rng);

    void receive(ByteView bytes);
    void stream_ended();
    void send(FrameKind kind, ByteView body);
    void close();
    /// B: answers the bundle.
    void allow_init();
    /// Tells the peer, inside TLS, that its handshake is over.
    void refuse();

    [[nodiscard]] std::optional<Output> poll();
    [[nodiscard]] Stage stage() const { return link_.stage(); }

  private:
    struct Idle {};
    struct HeldBundle {
        Bytes body;
    };
    void drain_link();
    void secured(Link::Secured secured);
    void handle_frame(Link::Received frame);
    void accept_init(ByteView body);
    void accept_resp(ByteView body);
    void agreed(Established established);
    void fail_exchange(KexError error);
    void fail_exchange(std::string_view reason);
    [[nodiscard]] KexContext context() const;

    Link link_;
    std::optional<FirstContact> first_;
    KeySupply& supply_;
    Rng& rng_;
    std::variant<Idle, AwaitingInit, HeldBundle, AwaitingResp> exchange_;
    std::optional<Link::Secured> secured_;
    std::deque<Output> outputs_;
};

}  // namespace chat
