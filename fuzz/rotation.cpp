// A peer's rotation message: whatever decodes is written back as it was; none fits a session that it was not made for.

#include <cstdlib>

#include "hybrid_kex/rotation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const chat::ByteView input{data, size};
    const auto message = chat::RotationMessage::decode(input);
    if (!message) return 0;
    const auto again = message->encode();
    if (!std::equal(input.begin(), input.end(), again.bytes.begin(), again.bytes.end())) std::abort();
    const chat::IdentityPublic nobody{{}, {}, {}, {}};
    const chat::RotationContext context{chat::Role::b, {}, nobody, nobody, 0, {}};
    if (chat::verify_rotation(*message, context)) std::abort();
    return 0;
}
