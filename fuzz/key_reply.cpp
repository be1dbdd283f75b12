// What the key process can answer: kind, then body. Whatever decodes has one encoding.

#include <cstdlib>

#include "secure_key_manager/isolation/keys/key_protocol.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    using namespace chat::key_protocol;
    if (size == 0) return 0;
    const chat::ByteView body{data + 1, size - 1};
    const auto reply = decode_reply(data[0], body);
    if (!reply) return 0;
    const chat::ServiceFrame again = encode(*reply);
    if (again.kind != data[0] ||
        !std::equal(body.begin(), body.end(), again.body.expose().begin(), again.body.expose().end()))
        std::abort();
    return 0;
}
