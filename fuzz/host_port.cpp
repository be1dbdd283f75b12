// Addresses as a person types them: what is accepted is printed in a form that reads as the same place.

#include "p2p_core/host_port.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const std::string text(data, data + size);
    if (const auto ip = chat::parse_ip(text)) {
        if (chat::parse_ip(chat::to_text(*ip)) != ip) std::abort();
    }
    for (chat::PortRule rule : {chat::PortRule::required, chat::PortRule::optional}) {
        const auto place = chat::parse_host_port(text, rule, 3478);
        if (!place) {
            if (chat::describe(place.error()).empty()) std::abort();
            continue;
        }
        if (place->ip.has_value() == !place->name.empty() || place->port == 0) std::abort();
        const auto again = chat::parse_host_port(chat::to_text(*place));
        if (!again || !(*again == *place)) std::abort();
    }
    return 0;
}
