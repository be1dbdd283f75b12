#include "tls_channel_manager/tls_session.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cassert>
#include <new>
#include <string_view>

#include "crypto/info.hpp"
#include "tls_channel_manager/tls_reason.hpp"

namespace chat {
namespace {

/// Records that a peer sends to earn one more key update.
constexpr unsigned records_for_key_update_log2 = 20;

// Only want of memory fails these.
void ensure(bool ok) {
    if (ok) return;
    ERR_clear_error();
    throw std::bad_alloc{};
}

}  // namespace

void TlsSession::FreeSsl::operator()(ssl_st* ssl) const noexcept { SSL_free(ssl); }

TlsSession::TlsSession(const TlsContext& context, StreamSide side, const ChannelCertificate& own,
                       const CertificateDer& peer_pin)
    : limits_{context.limits()}, side_{side}, pin_{peer_pin}, ssl_{SSL_new(context.get())} {
    ensure(ssl_ != nullptr);
    SSL_set_app_data(ssl_.get(), this);
    SSL_set_msg_callback_arg(ssl_.get(), this);
    ensure(SSL_use_certificate(ssl_.get(), own.certificate()) == 1);
    ensure(SSL_use_PrivateKey(ssl_.get(), own.private_key()) == 1);
    start_input_output();
    if (side == StreamSide::dialler) {
        SSL_set_connect_state(ssl_.get());
    } else {
        SSL_set_accept_state(ssl_.get());
    }
}

void TlsSession::start_input_output() {
    input_ = BIO_new(BIO_s_mem());
    ensure(input_ != nullptr);
    SSL_set0_rbio(ssl_.get(), input_);
    output_ = BIO_new(BIO_s_mem());
    ensure(output_ != nullptr);
    SSL_set0_wbio(ssl_.get(), output_);
}

void TlsSession::install_checks(ssl_ctx_st* context) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_cert_verify_callback(context, verify_peer, nullptr);
    SSL_CTX_set_msg_callback(context, observe);
}

/// In place of chain building: called before the peer's CertificateVerify and Finished are looked at.
int TlsSession::verify_peer(x509_store_ctx_st* store, void* /*unused*/) {
    const auto* const ssl =
        static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* const session = static_cast<TlsSession*>(SSL_get_app_data(ssl));
    session->peer_matches_pin_ = session->matches_pin(store);
    X509_STORE_CTX_set_error(store,
                             session->peer_matches_pin_ ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
    return session->peer_matches_pin_ ? 1 : 0;
}

bool TlsSession::matches_pin(x509_store_ctx_st* store) const {
    const X509* const certificate = X509_STORE_CTX_get0_cert(store);
    const STACK_OF(X509)* const sent = X509_STORE_CTX_get0_untrusted(store);
    if (certificate == nullptr || sk_X509_num(sent) > 1) return false;
    const int size = i2d_X509(certificate, nullptr);
    if (size <= 0 || static_cast<std::size_t>(size) != pin_.view().size()) return false;
    Bytes der(static_cast<std::size_t>(size));
    u8* out = der.data();
    if (i2d_X509(certificate, &out) != size) return false;
    return std::equal(der.begin(), der.end(), pin_.view().begin());
}

void TlsSession::observe(int write, int /*version*/, int type, const void* data, std::size_t size,
                         ssl_st* /*ssl*/, void* session) {
    // Null while SSL_new() has not come back.
    if (write != 0 || session == nullptr) return;
    static_cast<TlsSession*>(session)->observe_incoming(type, {static_cast<const u8*>(data), size});
}

void TlsSession::observe_incoming(int type, ByteView message) {
    if (type != SSL3_RT_HANDSHAKE || message.empty()) return;
    if (!established_) {
        certificate_requested_ = certificate_requested_ || message.front() == SSL3_MT_CERTIFICATE_REQUEST;
    } else if (message.front() != SSL3_MT_KEY_UPDATE) {
        observed_ = TlsError::unexpected_message;
    } else if (++key_updates_ > allowed_key_updates()) {
        observed_ = TlsError::too_many_key_updates;
    }
}

u64 TlsSession::allowed_key_updates() const {
    return limits_.key_update_allowance + (records_read_ >> records_for_key_update_log2);
}

Failure<TlsError> TlsSession::end(TlsError error) {
    ended_ = error;
    return fail(error);
}

std::optional<TlsError> TlsSession::failure_of(int result) const {
    if (observed_) {
        ERR_clear_error();
        return observed_;
    }
    if (result > 0) return std::nullopt;
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ: return std::nullopt;
        case SSL_ERROR_ZERO_RETURN: return TlsError::closed_by_peer;
        default: return take_openssl_error(established_ ? TlsPhase::established : TlsPhase::handshake);
    }
}

Result<void, TlsError> TlsSession::feed(ByteView ciphertext) {
    if (ended_) return fail(*ended_);
    if (ciphertext.size() > tls_max_pending_input - BIO_ctrl_pending(input_)) {
        return fail(TlsError::too_much_data);
    }
    if (ciphertext.empty()) return {};
    const auto size = static_cast<int>(ciphertext.size());
    ensure(BIO_write(input_, ciphertext.data(), size) == size);
    return {};
}

Result<TlsHandshake::Progress, TlsError> TlsSession::handshake() {
    if (ended_) return fail(*ended_);
    if (established_) return TlsHandshake::Progress::complete;
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (const auto failure = failure_of(result)) return end(*failure);
    if (result <= 0) return TlsHandshake::Progress::needs_input;
    if (const auto wrong = agreed_otherwise()) return end(*wrong);
    established_ = true;
    // No further handshake will need it, so the private key goes.
    SSL_certs_clear(ssl_.get());
    return TlsHandshake::Progress::complete;
}

/// The policy lets nothing else through; this looks at what the live session says, not at what was asked for.
std::optional<TlsError> TlsSession::agreed_otherwise() const {
    const SSL* const ssl = ssl_.get();
    const u16 suite = SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(ssl));
    constexpr u16 aes_256_gcm = TLS1_3_CK_AES_256_GCM_SHA384 & 0xFFFFU;
    constexpr u16 chacha20_poly1305 = TLS1_3_CK_CHACHA20_POLY1305_SHA256 & 0xFFFFU;
    const char* const group = SSL_get0_group_name(ssl_.get());
    if (SSL_version(ssl) != TLS1_3_VERSION) return TlsError::wrong_version;
    if (group == nullptr || std::string_view{group} != tls_group) return TlsError::wrong_group;
    if (suite != aes_256_gcm && suite != chacha20_poly1305) return TlsError::wrong_suite;
    if (!peer_matches_pin_ || SSL_get_verify_result(ssl) != X509_V_OK) return TlsError::wrong_certificate;
    if (side_ == StreamSide::dialler && !certificate_requested_) return TlsError::certificate_not_requested;
    // A peer that asked for smaller fragments would have one frame cut into several records.
    const bool fragments = SSL_SESSION_get_max_fragment_length(SSL_get0_session(ssl)) != 0;
    if (SSL_session_reused(ssl) == 1 || fragments) return TlsError::handshake_failed;
    return std::nullopt;
}

Result<std::optional<Bytes>, TlsError> TlsSession::read() {
    assert(established_);
    Bytes record(tls_max_record);
    // One turn for each record: OpenSSL comes back after every one, also when it held no application data.
    while (!ended_) {
        const std::size_t before = BIO_ctrl_pending(input_);
        ERR_clear_error();
        const int size = SSL_read(ssl_.get(), record.data(), static_cast<int>(record.size()));
        if (const auto failure = failure_of(size)) return end(*failure);
        if (size > 0) {
            ++records_read_;
            record.resize(static_cast<std::size_t>(size));
            return std::optional<Bytes>{std::move(record)};
        }
        if (BIO_ctrl_pending(input_) == before) return std::optional<Bytes>{};
    }
    return fail(*ended_);
}

Result<void, TlsError> TlsSession::write(ByteView plaintext) {
    assert(established_ && !closing_);
    assert(!plaintext.empty() && plaintext.size() <= tls_max_record);
    if (ended_) return fail(*ended_);
    ERR_clear_error();
    if (records_written_ > 0 && records_written_ % limits_.records_per_key == 0) {
        ensure(SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_NOT_REQUESTED) == 1);
    }
    ++records_written_;
    // The output is memory, so a write fails for want of memory only.
    const auto size = static_cast<int>(plaintext.size());
    ensure(SSL_write(ssl_.get(), plaintext.data(), size) == size);
    return {};
}

void TlsSession::close() {
    if (closing_ || ended_) return;
    closing_ = true;
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

TlsError TlsSession::input_ended() const {
    if (ended_) return *ended_;
    const bool orderly = (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    return orderly ? TlsError::closed_by_peer : TlsError::cut_off;
}

std::size_t TlsSession::pending_output() const { return BIO_ctrl_pending(output_); }

Bytes TlsSession::take_output() {
    Bytes out(pending_output());
    if (out.empty()) return out;
    const auto size = static_cast<int>(out.size());
    ensure(BIO_read(output_, out.data(), size) == size);
    return out;
}

TlsExporter TlsSession::exporter(const BootstrapTranscript& transcript) const {
    assert(established_);
    TlsExporter out;
    const auto context = transcript.view();
    ensure(SSL_export_keying_material(ssl_.get(), out.bytes.data(), out.bytes.size(),
                                      info::tls_exporter.data(), info::tls_exporter.size(), context.data(),
                                      context.size(), 1) == 1);
    return out;
}

TlsFacts TlsSession::facts() const {
    assert(established_);
    TlsFacts out;
    out.version = SSL_get_version(ssl_.get());
    out.group = SSL_get0_group_name(ssl_.get());
    out.suite = SSL_CIPHER_get_name(SSL_get_current_cipher(ssl_.get()));
    const X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
    out.signature = EVP_PKEY_get0_type_name(X509_get0_pubkey(certificate));
    out.certificate_size = static_cast<std::size_t>(i2d_X509(certificate, nullptr));
    out.peer_matches_pin = peer_matches_pin_;
    return out;
}

}  // namespace chat
