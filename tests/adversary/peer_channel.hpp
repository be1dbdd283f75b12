#pragma once
/// A peer that holds the invite and speaks layers 1 and 2 as it should, so that it can misbehave behind
/// them. Waits at most a few seconds for anything.

#include <optional>

#include "ca_services/bootstrap.hpp"
#include "ca_services/hello_gate.hpp"
#include "p2p_core/framing.hpp"
#include "support/raw_socket.hpp"
#include "tls_channel_manager/channel.hpp"

namespace chat::test {

/// What layer 1 promises, and what TLS then shows.
struct Credentials {
    /// An honest peer shows what it promised.
    static Credentials honest(Rng& rng);
    static Credentials swapped(Rng& rng);

    CertificateDer promised;
    ChannelCertificate shown;
};

class PeerChannel {
  public:
    /// As the guest of an invite.
    static PeerChannel dial(u16 port, const PresharedSecret& secret, Credentials credentials,
                            const TlsContext& tls, Rng& rng);
    /// As the host of an invite, to a guest that connected.
    static PeerChannel answer(RawSocket socket, const PresharedSecret& secret, Credentials credentials,
                              const TlsContext& tls, Rng& rng);
    /// The same as far as a reply that refuses the guest.
    static void turn_away(const RawSocket& socket, const PresharedSecret& secret, BootstrapStatus why,
                          Rng& rng);

    void send(FrameKind kind, ByteView body) { send_record(encode_frame(kind, body)); }
    /// Any bytes as one TLS record.
    void send_record(ByteView record);
    /// The next frame; nothing when the other side ended the channel.
    [[nodiscard]] std::optional<Bytes> receive();
    /// The body of the next frame, which must be of this kind.
    [[nodiscard]] Bytes expect(FrameKind kind);
    /// Waits until the other side has ended the channel, whatever it says before.
    void wait_end();
    void close();

    [[nodiscard]] const BootstrapSecret& secret() const { return done_.secret; }
    [[nodiscard]] const BootstrapTranscript& transcript() const { return done_.transcript; }
    [[nodiscard]] TlsExporter exporter() const { return tls_.exporter(done_.transcript); }

  private:
    PeerChannel(RawSocket socket, BootstrapDone done, TlsChannel tls);

    RawSocket socket_;
    BootstrapDone done_;
    TlsChannel tls_;
};

}  // namespace chat::test
