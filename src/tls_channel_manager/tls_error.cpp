#include "tls_channel_manager/tls_error.hpp"

namespace chat {

std::string_view describe(TlsError error) {
    switch (error) {
        case TlsError::wrong_certificate:
            return "TLS: the peer's certificate is not the one from the certificate exchange";
        case TlsError::no_certificate: return "TLS: the peer presented no certificate";
        case TlsError::certificate_not_requested: return "TLS: the peer did not ask for our certificate";
        case TlsError::wrong_version: return "TLS: the peer does not speak TLS 1.3";
        case TlsError::wrong_group: return "TLS: the peer does not agree keys by SecP384r1MLKEM1024";
        case TlsError::wrong_suite: return "TLS: the peer offers none of the allowed cipher suites";
        case TlsError::wrong_signature_algorithm: return "TLS: the peer does not sign with ML-DSA-87";
        case TlsError::bad_signature: return "TLS: the peer does not hold its certificate's key";
        case TlsError::not_tls: return "TLS: what came is not TLS";
        case TlsError::refused_by_peer: return "TLS: the peer refused the connection";
        case TlsError::handshake_failed: return "TLS: the peer sent a handshake message that can't be";
        case TlsError::record_damaged: return "TLS: a record was damaged on its way";
        case TlsError::unexpected_message: return "TLS: the peer sent a message that has no place there";
        case TlsError::too_many_key_updates: return "TLS: the peer changes its keys too often";
        case TlsError::too_much_data: return "TLS: the peer sent more than was asked for";
        case TlsError::closed_by_peer: return "TLS: the peer closed the connection";
        case TlsError::cut_off: return "TLS: the connection ended without a goodbye";
    }
    return "unknown";
}

}  // namespace chat
