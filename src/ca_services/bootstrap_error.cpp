#include "ca_services/bootstrap_error.hpp"

namespace chat {

std::string_view describe(BootstrapError error) {
    switch (error) {
        case BootstrapError::wrong_length: return "a frame of the certificate exchange has a wrong length";
        case BootstrapError::unreadable:
            return "the certificate exchange could not be opened: damaged, or from somebody without the "
                   "invite";
        case BootstrapError::reflected: return "our own certificate exchange was sent back to us";
        case BootstrapError::unsupported_version: return "the peer speaks another version of the protocol";
        case BootstrapError::replayed_hello: return "an old hello was sent again";
        case BootstrapError::secret_closed:
            return "this invite was tried too often and is closed; make a new one";
        case BootstrapError::bad_encapsulation_key:
            return "the peer's ML-KEM-1024 key fails the FIPS 203 check";
        case BootstrapError::all_zero_dh: return "the peer's X25519 key is one that gives away the secret";
        case BootstrapError::unknown_status: return "the peer's certificate exchange has an unknown status";
        case BootstrapError::certificate_length:
            return "the peer's certificate exchange has a wrong certificate length";
        case BootstrapError::nonzero_padding:
            return "the peer's certificate exchange has something after the certificate";
        case BootstrapError::certificate_malformed:
            return "the peer's certificate is not an X.509 certificate with an ML-DSA-87 key";
        case BootstrapError::spent:
            return "this invite was used already; if that was not you, someone else may have read it: ask "
                   "for a "
                   "new one over another way";
        case BootstrapError::expired: return "this invite is past its time; ask for a new one";
        case BootstrapError::busy: return "the peer is in a conversation with somebody else";
    }
    return "unknown";
}

}  // namespace chat
