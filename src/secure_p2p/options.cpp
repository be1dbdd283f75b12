#include "secure_p2p/options.hpp"

namespace chat {

std::string_view describe(SendError error) {
    switch (error) {
        case SendError::too_long: return "the text is longer than 64 KiB; nothing was sent";
        case SendError::not_utf8: return "the text is not valid UTF-8; nothing was sent";
        case SendError::queue_full: return "too many texts wait to be sent already; nothing was sent";
        case SendError::no_session: return "nobody is connected yet; nothing was sent";
        case SendError::closing: return "the session is closing; nothing was sent";
    }
    return "";
}

}  // namespace chat
