// A peer's greeting: whatever decodes is written back as it was.

#include <cstdlib>

#include "secure_p2p/session/greeting.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const chat::ByteView input{data, size};
    const auto greeting = chat::decode_greeting(input);
    if (!greeting) return 0;
    const chat::SecretBuffer again = chat::encode(*greeting);
    if (!std::equal(input.begin(), input.end(), again.expose().begin(), again.expose().end())) std::abort();
    return 0;
}
