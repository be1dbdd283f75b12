// A's first message from anybody: whatever decodes is written back as it was, and all its keys can be used.

#include <cstdlib>

#include "hybrid_kex/peer_checks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const chat::ByteView input{data, size};
    const auto bundle = chat::Bundle::decode(input);
    if (!bundle) return 0;
    const auto again = bundle->encode();
    if (!std::equal(input.begin(), input.end(), again.bytes.begin(), again.bytes.end())) std::abort();
    if (!chat::mlkem1024::check_encapsulation_key(bundle->signed_kem_prekey)) std::abort();
    if (!chat::falcon1024::VerifyingKey::decode(bundle->ephemeral_signing_key.bytes)) std::abort();
    const chat::ShownKeys shown{bundle->identity, bundle->ephemeral_signing_key, bundle->signed_prekey,
                                bundle->signed_kem_prekey};
    if (chat::check_not_reflected(shown, shown)) std::abort();
    return 0;
}
