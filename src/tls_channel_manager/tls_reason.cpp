#include "tls_channel_manager/tls_reason.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <optional>

namespace chat {
namespace {

struct Named {
    int reason;
    TlsError error;
};

constexpr std::array reasons = {
    Named{SSL_R_CERTIFICATE_VERIFY_FAILED, TlsError::wrong_certificate},
    Named{SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, TlsError::no_certificate},
    Named{SSL_R_UNSUPPORTED_PROTOCOL, TlsError::wrong_version},
    Named{SSL_R_WRONG_SSL_VERSION, TlsError::wrong_version},
    Named{SSL_R_VERSION_TOO_LOW, TlsError::wrong_version},
    Named{SSL_R_BAD_PROTOCOL_VERSION_NUMBER, TlsError::wrong_version},
    Named{SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, TlsError::wrong_version},
    Named{SSL_R_NO_SUITABLE_KEY_SHARE, TlsError::wrong_group},
    Named{SSL_R_NO_SUITABLE_GROUPS, TlsError::wrong_group},
    Named{SSL_R_NO_SHARED_GROUPS, TlsError::wrong_group},
    Named{SSL_R_BAD_KEY_SHARE, TlsError::wrong_group},
    Named{SSL_R_WRONG_CURVE, TlsError::wrong_group},
    Named{SSL_R_MISSING_SUPPORTED_GROUPS_EXTENSION, TlsError::wrong_group},
    Named{SSL_R_NO_SHARED_CIPHER, TlsError::wrong_suite},
    Named{SSL_R_WRONG_CIPHER_RETURNED, TlsError::wrong_suite},
    Named{SSL_R_UNKNOWN_CIPHER_RETURNED, TlsError::wrong_suite},
    Named{SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, TlsError::wrong_signature_algorithm},
    Named{SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS, TlsError::wrong_signature_algorithm},
    Named{SSL_R_WRONG_SIGNATURE_TYPE, TlsError::wrong_signature_algorithm},
    Named{SSL_R_MISSING_SIGALGS_EXTENSION, TlsError::wrong_signature_algorithm},
    Named{SSL_R_BAD_SIGNATURE, TlsError::bad_signature},
    Named{SSL_R_WRONG_VERSION_NUMBER, TlsError::not_tls},
    Named{SSL_R_HTTP_REQUEST, TlsError::not_tls},
    Named{SSL_R_HTTPS_PROXY_REQUEST, TlsError::not_tls},
    Named{SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, TlsError::record_damaged},
    Named{SSL_R_UNEXPECTED_MESSAGE, TlsError::unexpected_message},
    Named{SSL_R_UNEXPECTED_RECORD, TlsError::unexpected_message},
};

std::optional<TlsError> name_of(int reason) {
    const auto* const found = std::find_if(reasons.begin(), reasons.end(),
                                           [reason](const Named& named) { return named.reason == reason; });
    if (found != reasons.end()) return found->error;
    // Reasons from here on are alerts that the peer sent.
    if (reason > SSL_AD_REASON_OFFSET) return TlsError::refused_by_peer;
    return std::nullopt;
}

}  // namespace

TlsError take_openssl_error(TlsPhase phase) {
    std::optional<TlsError> found;
    for (unsigned long code = ERR_get_error(); code != 0; code = ERR_get_error()) {
        if (!found && ERR_GET_LIB(code) == ERR_LIB_SSL) found = name_of(ERR_GET_REASON(code));
    }
    return found.value_or(phase == TlsPhase::handshake ? TlsError::handshake_failed
                                                       : TlsError::record_damaged);
}

}  // namespace chat
