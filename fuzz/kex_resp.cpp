// A's second message from anybody: only its length can be wrong, and it is written back as it was.

#include <cstdlib>

#include "hybrid_kex/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const chat::ByteView input{data, size};
    const auto resp = chat::Resp::decode(input);
    if (resp.has_value() != (size == chat::resp_size)) std::abort();
    if (!resp) return 0;
    const auto again = resp->encode();
    if (!std::equal(input.begin(), input.end(), again.bytes.begin(), again.bytes.end())) std::abort();
    return 0;
}
