#pragma once
/// What the log says of security, one line an event, key=value (docs/usage.md, "The log"): kinds, sizes and fixed reasons, never
/// content.

#include <string>

#include "secure_p2p/ciphertext_log.hpp"
#include "secure_p2p/events.hpp"

namespace chat {

[[nodiscard]] std::string log_line(const SecurityEvent& event);
[[nodiscard]] std::string log_line(const SecurityWarning& warning);
[[nodiscard]] std::string log_line(const SessionEnded& event);

/// A debug line for each ciphertext, before it is opened.
class WrittenCiphertextLog final : public CiphertextLog {
  public:
    void arriving(Ciphertext what, std::size_t size) override;
};

}  // namespace chat
