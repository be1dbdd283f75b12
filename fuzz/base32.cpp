// Base32 has one text for one byte string: whatever is accepted is written back as it was.

#include "crypto/base32.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const chat::ByteView input{data, size};
    const std::string text(input.begin(), input.end());
    const auto bytes = chat::base32_decode(text);
    if (bytes && chat::base32_encode(*bytes) != text) std::abort();
    const auto again = chat::base32_decode(chat::base32_encode(input));
    if (!again || !std::equal(again->begin(), again->end(), input.begin(), input.end())) std::abort();
    return 0;
}
