// What a person pastes, from anybody: an invite or a refusal; whatever reads as an invite reads the same again once written.

#include <cstdlib>

#include "p2p_core/invite.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const auto invite = chat::decode_invite({data, size});
    if (!invite) {
        if (chat::describe(invite.error()) == "unknown") std::abort();
        return 0;
    }
    const auto text = chat::encode(*invite);
    if (!text) std::abort();
    const auto again = chat::decode_invite(text->expose());
    if (!again || again->endpoints != invite->endpoints || again->host != invite->host ||
        again->expiry != invite->expiry || again->use != invite->use ||
        !again->secret.equals(invite->secret)) {
        std::abort();
    }
    return 0;
}
