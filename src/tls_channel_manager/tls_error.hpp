#pragma once
/// Why a TLS handshake or channel ended (docs/protocol.md 4).

#include <string_view>

#include "base/bytes.hpp"

namespace chat {

enum class TlsError : u8 {
    wrong_certificate,          ///< not the certificate from the bootstrap, or more than one
    no_certificate,             ///< the peer presented none
    certificate_not_requested,  ///< the server did not ask for the client's certificate
    wrong_version,              ///< anything but TLS 1.3
    wrong_group,                ///< anything but SecP384r1MLKEM1024, or a malformed share of it
    wrong_suite,                ///< anything but the two AEAD suites
    wrong_signature_algorithm,  ///< anything but ML-DSA-87
    bad_signature,              ///< the peer does not hold the certificate's key
    not_tls,                    ///< no TLS record at all
    refused_by_peer,            ///< the peer ended the handshake with an alert
    handshake_failed,           ///< any other message that a handshake can't have
    record_damaged,             ///< a record does not open
    unexpected_message,  ///< a handshake message after the handshake other than KeyUpdate, or a record of a wrong kind
    too_many_key_updates,  ///< more than TlsLimits allows
    too_much_data,         ///< input beyond tls_max_pending_input
    closed_by_peer,        ///< the peer closed in an orderly way (close_notify)
    cut_off,               ///< the stream ended without close_notify
};
/// One line for the user.
[[nodiscard]] std::string_view describe(TlsError error);

}  // namespace chat
