// Foreign compressed values: what is accepted has one encoding and stays within its bounds.

#include <algorithm>
#include <cstdlib>

#include "quantcrypt/falcon1024/signature_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    using namespace chat::falcon1024;
    const chat::ByteView encoded{data, size};
    std::array<i16, n> s2;
    const auto used = decompress(s2, encoded);
    if (!used) return 0;
    if (*used > size) std::abort();
    chat::Bytes again(*used);
    if (compress(again, s2) != *used) std::abort();
    if (!std::equal(again.begin(), again.end(), encoded.begin())) std::abort();
    return 0;
}
