#pragma once
/// One stream through layers 1 and 2: raw bytes in, frames out (docs/protocol.md 3 and 4). Its states are those of the two
/// layers; an error ends it.

#include <deque>
#include <optional>
#include <variant>

#include "ca_services/bootstrap.hpp"
#include "ca_services/bootstrap_listener.hpp"
#include "p2p_core/framing.hpp"
#include "secure_p2p/ciphertext_log.hpp"
#include "secure_p2p/events.hpp"
#include "secure_p2p/node/record_meter.hpp"
#include "tls_channel_manager/channel.hpp"

namespace chat {

class Link {
  public:
    /// Bytes for the stream, one write.
    struct Write {
        Bytes bytes;
    };
    /// Layer 1 stands: the stream leads to a holder of the secret.
    struct Authenticated {};
    /// Layer 2 stands. Given once, before any Received.
    struct Secured {
        BootstrapSecret bootstrap_secret;
        BootstrapTranscript bootstrap_transcript;
        TlsExporter exporter;
        std::vector<Fact> bootstrap_facts;
        std::vector<Fact> tls_facts;
    };
    struct Received {
        FrameKind kind{};
        Bytes body;
    };
    /// The link is over. A listener whose stage was bootstrap sends nothing and holds the stream (docs/protocol.md 3).
    struct Failed {
        Stage stage{};
        std::string reason;
        std::optional<BootstrapError> bootstrap_error;
        bool transport = false;  ///< the stream went away
        bool orderly = false;    ///< the peer closed the channel (close_notify)
        bool framing = false;    ///< TLS stands; what came through it was no frame
    };
    using Output = std::variant<Write, Authenticated, Secured, Received, Failed>;

    /// The stream's dialler; its hello is the first output. `secret` empty: the open way.
    [[nodiscard]] static Link dial(const PresharedSecret* secret, Role own_role,
                                   ChannelCertificate certificate, const TlsContext& tls, Rng& rng,
                                   CiphertextLog& log);
    /// The stream's listener after a hello opened; its reply is the first output.
    [[nodiscard]] static Result<Link, BootstrapError> accept(OpenedHello hello,
                                                             ChannelCertificate certificate,
                                                             const TlsContext& tls, Rng& rng,
                                                             CiphertextLog& log);

    void receive(ByteView bytes);
    /// The stream ended without a word.
    void stream_ended();
    /// Only after Secured. One frame is one TLS record.
    void send(FrameKind kind, ByteView body);
    /// Hands out what TLS has to send on its own, where no frame took it along.
    void flush() { flush({}); }
    /// close_notify, for an orderly end.
    void close();

    [[nodiscard]] std::optional<Output> poll();
    [[nodiscard]] bool secured() const { return std::holds_alternative<Open>(state_); }
    [[nodiscard]] Stage stage() const;
    [[nodiscard]] CiphertextLog& ciphertext_log() const { return *log_; }

  private:
    struct AwaitReply {
        AwaitingReply state;
        FixedFrameReader reader{bootstrap_reply_size};
    };
    struct AwaitFinish {
        AwaitingFinish state;
        FixedFrameReader reader{bootstrap_finish_size};
    };
    struct Handshake {
        TlsHandshake tls;
        BootstrapSecret secret;
        BootstrapTranscript transcript;
    };
    struct Open {
        TlsChannel tls;
        FrameAssembler assembler;
    };
    struct Over {};
    using State = std::variant<AwaitReply, AwaitFinish, Handshake, Open, Over>;

    Link(State state, StreamSide side, ChannelCertificate certificate, const TlsContext& tls,
         CiphertextLog& log);
    void receive_reply(ByteView& bytes);
    void receive_finish(ByteView& bytes);
    void receive_handshake(ByteView bytes);
    void receive_records(ByteView bytes);
    void read_frames();
    void log_records(ByteView bytes);
    void begin_tls(BootstrapDone done, Bytes first);
    void advance_tls(Bytes first);
    void finish_tls(Handshake handshake);
    void flush(Bytes first);
    void fail_bootstrap(BootstrapError error);
    void fail_tls(TlsError error);

    State state_;
    StreamSide side_;
    std::optional<ChannelCertificate> certificate_;
    const TlsContext* tls_;
    CiphertextLog* log_;
    RecordMeter records_;
    std::size_t certificate_size_ = 0;
    std::deque<Output> outputs_;
};

}  // namespace chat
