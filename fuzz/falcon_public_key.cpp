// Foreign FALCON-1024 public keys: what is accepted has one encoding.

#include <algorithm>
#include <cstdlib>

#include "quantcrypt/falcon1024/falcon1024.hpp"
#include "quantcrypt/falcon1024/key_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    using namespace chat::falcon1024;
    const chat::ByteView encoded{data, size};
    const auto h = decode_public_key(encoded);
    if (VerifyingKey::decode(encoded).has_value() != h.has_value()) std::abort();
    if (!h) return 0;
    PublicKey again;
    encode_public_key(again.bytes, *h);
    if (!std::equal(encoded.begin(), encoded.end(), again.bytes.begin(), again.bytes.end())) std::abort();
    return 0;
}
