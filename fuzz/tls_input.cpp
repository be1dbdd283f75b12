// Bytes of a stream where TLS is expected, cut into pieces: at a client, at a server, and at a channel that stands. Never a
// connection, never a record, and an end is an end.

#include <cstdlib>

#include "support/bootstrap_kit.hpp"
#include "tls_channel_manager/tls_session.hpp"

namespace {

using namespace chat;

const TlsContext& policy() {
    static const TlsContext context;
    return context;
}

/// Made once: a key pair costs more than the run of an input.
const ChannelCertificate& certificate() {
    static const ChannelCertificate made = [] {
        test::SeededRng rng{1};
        return make_channel_certificate(rng, test::some_day);
    }();
    return made;
}

/// The first byte of the input says how large the pieces are.
template <class Take>
void in_pieces(ByteView input, Take take) {
    const std::size_t piece = 1 + static_cast<std::size_t>(input[0]) * 16;
    for (input = input.subspan(1); !input.empty(); input = input.subspan(std::min(piece, input.size()))) {
        if (!take(input.first(std::min(piece, input.size())))) return;
    }
}

void at_handshake(StreamSide side, ByteView input) {
    TlsSession session{policy(), side, certificate(), test::certificate_of(2)};
    in_pieces(input, [&](ByteView piece) {
        const auto fed = session.feed(piece);
        const auto progress = session.handshake();
        static_cast<void>(session.take_output());
        if (progress && *progress == TlsHandshake::Progress::complete) std::abort();
        if (!progress && session.handshake().error() != progress.error()) std::abort();
        return fed.has_value() && progress.has_value();
    });
}

void establish(TlsSession& client, TlsSession& server) {
    for (int flight = 0; flight < 2; ++flight) {
        if (!client.handshake() || !server.feed(client.take_output())) std::abort();
        if (!server.handshake() || !client.feed(server.take_output())) std::abort();
    }
    if (!client.established() || !server.established()) std::abort();
}

void at_channel(ByteView input) {
    TlsSession client{policy(), StreamSide::dialler, certificate(), certificate().der()};
    TlsSession server{policy(), StreamSide::listener, certificate(), certificate().der()};
    establish(client, server);
    in_pieces(input, [&](ByteView piece) {
        const auto fed = client.feed(piece);
        const auto read = client.read();
        if (read && *read) std::abort();
        return fed.has_value() && read.has_value();
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    if (size < 2) return 0;
    const ByteView input{data + 1, size - 1};
    // A handshake costs much more than a refusal, so only one input in sixteen meets a standing channel.
    switch (data[0] % 16) {
        case 0: at_channel(input); break;
        case 1:
        case 2:
        case 3: at_handshake(StreamSide::dialler, input); break;
        default: at_handshake(StreamSide::listener, input); break;
    }
    return 0;
}
