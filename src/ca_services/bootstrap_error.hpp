#pragma once
/// Why a bootstrap frame was refused (docs/protocol.md 3).

#include <string_view>

#include "base/bytes.hpp"

namespace chat {

enum class BootstrapError : u8 {
    wrong_length,  ///< a frame has exactly one size
    unreadable,    ///< opens under no live secret or not under the new keys: damaged, a stranger's, or noise
    reflected,     ///< one's own frame or key came back
    unsupported_version,    ///< sealed by a holder of the secret, but another version of the protocol
    replayed_hello,         ///< this very hello was accepted before
    secret_closed,          ///< 1,024 hellos were accepted under this secret; it takes no more
    bad_encapsulation_key,  ///< fails the check of FIPS 203, 7.2
    all_zero_dh,            ///< the peer's X25519 key gives an all-zero result
    unknown_status,         ///< none of 0 to 3
    certificate_length,  ///< none where there must be one, one where there must be none, or longer than the room
    nonzero_padding,     ///< what follows the certificate must be zeros
    certificate_malformed,  ///< not one X.509 certificate with an ML-DSA-87 key
    spent,                  ///< the listener says: the invite was used
    expired,                ///< the listener says: the invite is past its time
    busy,                   ///< the listener says: it is in a session with somebody else
};
/// One line for the user.
[[nodiscard]] std::string_view describe(BootstrapError error);

}  // namespace chat
