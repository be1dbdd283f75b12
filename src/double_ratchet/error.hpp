#pragma once
/// Why a cell, or an announcement in one, was refused. Each is reported to the security monitor; none ends the session.

#include <string_view>

#include "base/bytes.hpp"

namespace chat {

enum class CellError : u8 {
    replay,                ///< this very cell was accepted before
    header_unreadable,     ///< no header key that is live opens it
    wrong_epoch,           ///< the header names another epoch than that of the key that opened it
    out_of_turn,           ///< begins a chain that needs a step of ours which was not taken
    chain_fields_changed,  ///< public keys, ciphertext or previous length differ from those the chain began with
    previous_length_contradicted,  ///< the chain before is said to be shorter than what was received of it
    too_far_ahead,                 ///< more messages of a chain would be skipped than the limit allows
    beyond_chain_end,              ///< a number that the chain, by the length told for it, never reached
    message_key_gone,              ///< the key was used already, or dropped for its age or for room
    efk_unknown,                   ///< signed under an index that was never announced
    efk_too_low,                   ///< a cell at an earlier position was signed under a higher index
    efk_revealed,                  ///< the private key of this index was published
    bad_signature,                 ///< does not verify under the EFK that the header names
    bad_encapsulation_key,         ///< the peer's new ML-KEM key fails the FIPS 203 check
    all_zero_dh,                   ///< the peer's new X25519 key is of small order
    body_unreadable,               ///< the ratchet's layer does not open
    application_layer_unreadable,  ///< the application cipher's layer does not open
    out_of_sequence,               ///< genuine, but not the next one of the sender, where order is kept
    efk_announcement_length,       ///< not 3077 bytes
    efk_announcement_index,        ///< not the index after the newest one
    efk_announcement_key,          ///< not a FALCON-1024 public key in its one encoding
    efk_announcement_signature,    ///< does not verify under the EFK before it
};

/// One line for the user.
[[nodiscard]] std::string_view describe(CellError error);

}  // namespace chat
