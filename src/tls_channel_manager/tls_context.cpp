#include "tls_channel_manager/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <stdexcept>
#include <string>

#include "crypto/library_context.hpp"
#include "tls_channel_manager/tls_session.hpp"

namespace chat {
namespace {

// Exact lists: with the word DEFAULT, or an empty list, OpenSSL would add others.
constexpr const char* suites = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* signature_algorithms = "mldsa87";
/// A certificate message with one certificate of at most 8,189 bytes, and room for its framing.
constexpr long max_certificate_message = 8192 + 256;
/// Level 5 of SSL_CTX_set_security_level(3): nothing under 256 bits, so no weaker key passes even if a list above let it.
constexpr int security_level = 5;

constexpr u64 options_on = SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                           SSL_OP_NO_TX_CERTIFICATE_COMPRESSION | SSL_OP_NO_RX_CERTIFICATE_COMPRESSION |
                           SSL_OP_CLEANSE_PLAINTEXT;
// No ChangeCipherSpec for the sake of middleboxes: they see no ClientHello at the start of the stream anyway.
constexpr u64 options_off = SSL_OP_ENABLE_MIDDLEBOX_COMPAT;

void require(bool ok, const char* what) {
    if (ok) return;
    ERR_clear_error();
    throw std::runtime_error{"the linked OpenSSL has no " + std::string{what}};
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const noexcept { SSL_CTX_free(context); }

TlsContext::TlsContext(TlsLimits limits)
    : limits_{limits}, context_{SSL_CTX_new_ex(library_context().get(), nullptr, TLS_method())} {
    SSL_CTX* const context = context_.get();
    require(context != nullptr, "TLS");
    require(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1, "TLS 1.3");
    require(SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1, "TLS 1.3");
    require(SSL_CTX_set_ciphersuites(context, suites) == 1, suites);
    // OpenSSL's macros for these cast const away.
    std::string group{tls_group};
    std::string signatures{signature_algorithms};
    require(SSL_CTX_set1_groups_list(context, group.data()) == 1, tls_group);
    require(SSL_CTX_set1_sigalgs_list(context, signatures.data()) == 1, signature_algorithms);
    require(SSL_CTX_set1_client_sigalgs_list(context, signatures.data()) == 1, signature_algorithms);
    require(SSL_CTX_set_num_tickets(context, 0) == 1, "way to leave out tickets");
    require(SSL_CTX_set_max_early_data(context, 0) == 1, "way to leave out 0-RTT");
    require(SSL_CTX_set_recv_max_early_data(context, 0) == 1, "way to leave out 0-RTT");
    SSL_CTX_set_options(context, options_on);
    SSL_CTX_clear_options(context, options_off);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_security_level(context, security_level);
    SSL_CTX_set_max_cert_list(context, max_certificate_message);
    SSL_CTX_set_read_ahead(context, 0);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    // Back from SSL_read() after each record, so that the session can count key updates as they come.
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    TlsSession::install_checks(context);
}

}  // namespace chat
