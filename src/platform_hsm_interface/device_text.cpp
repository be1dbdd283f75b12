#include "platform_hsm_interface/device_text.hpp"

namespace chat {

std::string device_text(ByteView text) {
    constexpr std::size_t max_size = 64;
    std::string out;
    for (const u8 byte : text.first(std::min(text.size(), max_size))) {
        if (byte == 0) break;
        if (byte == ' ' && out.ends_with(' ')) continue;
        const bool printable = byte >= 0x20 && byte < 0x7f;
        out.push_back(printable ? static_cast<char>(byte) : '?');
    }
    out.erase(out.find_last_not_of(' ') + 1);
    out.erase(0, out.find_first_not_of(' '));
    return out;
}

}  // namespace chat
