#include "secure_p2p/node/guest.hpp"

namespace chat {

std::optional<DialUnder> Guest::next(bool half_made_session, bool confirmed_session) {
    const bool by_invite = secret_.has_value();
    std::optional<DialUnder> out;
    if (confirmed_session) {
        out = DialUnder::resume;
    } else if (half_made_session) {
        out = by_invite && last_ == DialUnder::resume ? DialUnder::invite : DialUnder::resume;
    } else if (by_invite) {
        out = DialUnder::invite;
    } else if (!host_ && !dialled_before_) {
        out = DialUnder::open;
    }
    if (out) last_ = *out;
    dialled_before_ = true;
    return out;
}

}  // namespace chat
