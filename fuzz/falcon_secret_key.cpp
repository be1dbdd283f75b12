// Foreign FALCON-1024 secret keys: what is accepted has one encoding, and signs.

#include <algorithm>
#include <cstdlib>

#include "quantcrypt/falcon1024/falcon1024.hpp"
#include "support/seeded_rng.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    using namespace chat::falcon1024;
    const chat::ByteView encoded{data, size};
    const auto key = SecretKey::decode(encoded);
    if (!key) return 0;
    const EncodedSecretKey again = key->encode();
    if (!std::equal(encoded.begin(), encoded.end(), again.expose().begin(), again.expose().end()))
        std::abort();
    chat::test::SeededRng rng{1};
    (void)sign_padded(*key, encoded, rng);
    return 0;
}
