#include "tls_channel_manager/channel.hpp"

#include <cassert>

#include "tls_channel_manager/tls_session.hpp"

namespace chat {

TlsHandshake::TlsHandshake(std::unique_ptr<TlsSession> session) : session_{std::move(session)} {}

TlsHandshake::TlsHandshake(TlsHandshake&&) noexcept = default;
TlsHandshake& TlsHandshake::operator=(TlsHandshake&&) noexcept = default;
TlsHandshake::~TlsHandshake() = default;

TlsHandshake TlsHandshake::client(const TlsContext& context, ChannelCertificate own,
                                  const CertificateDer& peer_pin) {
    auto session = std::make_unique<TlsSession>(context, StreamSide::dialler, own, peer_pin);
    [[maybe_unused]] const auto progress = session->handshake();
    assert(progress.has_value() && *progress == Progress::needs_input);
    return TlsHandshake{std::move(session)};
}

TlsHandshake TlsHandshake::server(const TlsContext& context, ChannelCertificate own,
                                  const CertificateDer& peer_pin) {
    return TlsHandshake{std::make_unique<TlsSession>(context, StreamSide::listener, own, peer_pin)};
}

Result<void, TlsError> TlsHandshake::handle_input(ByteView ciphertext) { return session_->feed(ciphertext); }

Result<TlsHandshake::Progress, TlsError> TlsHandshake::advance() { return session_->handshake(); }

TlsError TlsHandshake::input_ended() const { return session_->input_ended(); }

Bytes TlsHandshake::take_output() { return session_->take_output(); }

TlsChannel TlsHandshake::into_channel() && {
    assert(session_->established());
    return TlsChannel{std::move(session_)};
}

TlsChannel::TlsChannel(std::unique_ptr<TlsSession> session) : session_{std::move(session)} {}

TlsChannel::TlsChannel(TlsChannel&&) noexcept = default;
TlsChannel& TlsChannel::operator=(TlsChannel&&) noexcept = default;
TlsChannel::~TlsChannel() = default;

Result<void, TlsError> TlsChannel::handle_input(ByteView ciphertext) { return session_->feed(ciphertext); }

TlsError TlsChannel::input_ended() const { return session_->input_ended(); }

Result<std::optional<Bytes>, TlsError> TlsChannel::read() { return session_->read(); }

Result<void, TlsError> TlsChannel::write(ByteView plaintext) { return session_->write(plaintext); }

void TlsChannel::close() { session_->close(); }

Bytes TlsChannel::take_output() { return session_->take_output(); }

std::size_t TlsChannel::pending_output() const { return session_->pending_output(); }

TlsExporter TlsChannel::exporter(const BootstrapTranscript& transcript) const {
    return session_->exporter(transcript);
}

TlsFacts TlsChannel::facts() const { return session_->facts(); }

}  // namespace chat
