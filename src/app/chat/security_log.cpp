#include "app/chat/security_log.hpp"

#include <spdlog/spdlog.h>

namespace chat {
namespace {

/// Reasons are the program's own words; whatever else got in is taken out.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const bool plain = c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
        out += plain ? c : '?';
    }
    return out + "\"";
}

}  // namespace

std::string log_line(const SecurityEvent& event) {
    return "security kind=" + std::string{name_of(event.kind)} + " size=" + std::to_string(event.size) +
           " reason=" + quoted(event.reason);
}

std::string log_line(const SecurityWarning& warning) {
    return "security_warning kind=" + std::string{name_of(warning.kind)} +
           " last_minute=" + std::to_string(warning.last_minute) + " reason=" + quoted(warning.reason);
}

std::string log_line(const SessionEnded& event) {
    return "session_ended undelivered=" + std::to_string(event.undelivered.size()) +
           " reason=" + quoted(describe(event.reason)) + " detail=" + quoted(event.detail);
}

void WrittenCiphertextLog::arriving(Ciphertext what, std::size_t size) {
    spdlog::debug("ciphertext layer={} size={}", name_of(what), size);
}

}  // namespace chat
