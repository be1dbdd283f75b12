// B's message from anybody: whatever decodes is written back as it was, and its signatures can be checked without harm.

#include <cstdlib>

#include "hybrid_kex/peer_checks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const chat::ByteView input{data, size};
    const auto init = chat::Init::decode(input);
    if (!init) return 0;
    const auto again = init->encode();
    if (!std::equal(input.begin(), input.end(), again.bytes.begin(), again.bytes.end())) std::abort();
    // The seed corpus was made for another bundle than the one of zeros here: no signature may fit.
    const chat::Bytes bound = chat::init_binding_message(init->ephemeral_signing_key, {},
                                                         again.view().first<chat::Init::binding_offset>());
    if (chat::falcon1024::verify(init->ephemeral_signing_key, bound, init->ec_pq_binding)) std::abort();
    if (chat::verify_composite(init->identity, bound, init->signature)) std::abort();
    return 0;
}
