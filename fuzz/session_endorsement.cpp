// A peer's hardware endorsement: whatever decodes is written back as it was, and no key or signature makes the check misbehave.

#include <cstdlib>

#include "secure_p2p/session/endorsement.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const chat::ByteView input{data, size};
    const auto endorsement = chat::decode_session_endorsement(input);
    if (!endorsement) return 0;
    const chat::SecretBuffer again = chat::encode(*endorsement);
    if (!std::equal(input.begin(), input.end(), again.expose().begin(), again.expose().end())) std::abort();
    chat::EndorsementOnce once;
    static_cast<void>(once.take(*endorsement, {}));
    if (once.take(*endorsement, {}).has_value()) std::abort();
    return 0;
}
