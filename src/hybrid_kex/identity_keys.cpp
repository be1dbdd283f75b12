#include "hybrid_kex/identity_keys.hpp"

namespace chat {

std::string_view describe(KeyError error) {
    switch (error) {
        case KeyError::unavailable: return "the holder of the identity's keys does not answer";
        case KeyError::refused: return "the holder of the identity's keys refused the statement";
        case KeyError::all_zero_shared_secret: return "the peer's X25519 key is of small order";
        case KeyError::no_room: return "the holder of the identity's keys can hold no more of them";
    }
    return "unknown key error";
}

}  // namespace chat
