#pragma once
/// Puts fragments together again. Cells are accepted in order without a gap, so at most one message is incomplete at a time and
/// its memory is bounded by 64 fragments.

#include <optional>

#include "base/result.hpp"
#include "secure_p2p/conversation/cell_content.hpp"

namespace chat {

enum class AssemblyError : u8 {
    unexpected_fragment,  ///< not the next one of the message that has begun
    short_fragment,       ///< a fragment before the last one is not full
    too_long,             ///< a text over 64 KiB
    mixed_signing_keys,   ///< fragments of one message were signed by different ephemeral keys
};
[[nodiscard]] std::string_view describe(AssemblyError error);

struct ReceivedMessage {
    ContentType type{};
    u32 stream = 0;
    u32 efk_index = 0;  ///< of the ephemeral FALCON key that signed every fragment
    SecretBuffer content;
};

/// A message whose fragments still come.
struct PartialMessage {
    ReceivedMessage message;
    u16 count = 0;
    u16 next = 0;
    std::size_t filled = 0;
};

class Inbox {
  public:
    /// Takes the next fragment; a message when it was the last one. An error drops the incomplete message.
    [[nodiscard]] Result<std::optional<ReceivedMessage>, AssemblyError> accept(CellContent fragment,
                                                                               u32 efk_index);

  private:
    [[nodiscard]] Result<void, AssemblyError> check(const CellContent& fragment, u32 efk_index) const;

    std::optional<PartialMessage> partial_;
};

}  // namespace chat
