#include "secure_key_manager/isolation/service/service_channel.hpp"

#include <cassert>

namespace chat {

std::string_view describe(ChannelError error) {
    switch (error) {
        case ChannelError::closed: return "it ended";
        case ChannelError::timed_out: return "it does not answer";
        case ChannelError::unknown_kind: return "it sent a message that the protocol does not have";
        case ChannelError::wrong_length: return "it sent a message of a wrong length";
        case ChannelError::failed: return "the system refused the connection to it";
    }
    return "unknown error";
}

}  // namespace chat
