#include "double_ratchet/error.hpp"

#include <cassert>

namespace chat {

std::string_view describe(CellError error) {
    switch (error) {
        case CellError::replay: return "a copy of a message that was received before was refused";
        case CellError::header_unreadable:
            return "a message whose header no key of this session opens was refused";
        case CellError::wrong_epoch:
            return "a message was refused: its header names another epoch than its key's";
        case CellError::out_of_turn: return "a message was refused: it begins a ratchet step that is not due";
        case CellError::chain_fields_changed:
            return "a message was refused: its ratchet keys differ from those its chain began with";
        case CellError::previous_length_contradicted:
            return "a message was refused: it calls the chain before shorter than what was received of it";
        case CellError::too_far_ahead:
            return "a message was refused: it skips more messages than are allowed";
        case CellError::beyond_chain_end:
            return "a message was refused: its number lies beyond the end of its chain";
        case CellError::message_key_gone:
            return "a message was refused: its key was used already, or wiped for its age";
        case CellError::efk_unknown: return "a message was refused: its signing key was never announced";
        case CellError::efk_too_low:
            return "a message was refused: it is signed by a key that was replaced before";
        case CellError::efk_revealed: return "a message was refused: its signing key has been published";
        case CellError::bad_signature: return "a message whose signature does not verify was refused";
        case CellError::bad_encapsulation_key:
            return "a message was refused: its new ML-KEM key is not a valid one";
        case CellError::all_zero_dh:
            return "a message was refused: its new X25519 key gives an all-zero secret";
        case CellError::body_unreadable: return "a message whose body does not open was refused";
        case CellError::application_layer_unreadable:
            return "a message whose application layer does not open was refused";
        case CellError::out_of_sequence:
            return "a message before this one is missing, so it was not taken yet";
        case CellError::efk_announcement_length:
            return "a new signing key was refused: wrong length of its message";
        case CellError::efk_announcement_index:
            return "a new signing key was refused: its number is not the next one";
        case CellError::efk_announcement_key:
            return "a new signing key was refused: it is not a FALCON-1024 key";
        case CellError::efk_announcement_signature:
            return "a new signing key was refused: the key before it did not sign it";
    }
    assert(false);
    return {};
}

}  // namespace chat
