// Foreign ML-KEM-1024 keys and ciphertexts: whatever passes the checks can be used, and implicit rejection never fails. The first
// byte chooses what the rest is.

#include <array>
#include <cstdlib>

#include "quantcrypt/mlkem1024.hpp"
#include "support/seeded_rng.hpp"

namespace {

using chat::ByteView;
using chat::MlKem1024DecapsulationKey;
using chat::u8;

void read_encapsulation_key(ByteView bytes) {
    const auto key = chat::mlkem1024::read_encapsulation_key(bytes);
    if (!key) return;
    chat::test::SeededRng rng{1};
    if (!chat::mlkem1024::encapsulate(*key, rng)) std::abort();
}

void read_decapsulation_key(ByteView bytes) {
    const auto key = MlKem1024DecapsulationKey::from_expanded(bytes);
    if (!key) return;
    const auto expanded = key->expanded();
    if (!std::equal(bytes.begin(), bytes.end(), expanded.expose().begin(), expanded.expose().end()))
        std::abort();
    (void)key->decapsulate(chat::MlKem1024Ciphertext{});
}

void read_ciphertext(ByteView bytes) {
    const auto ciphertext = chat::mlkem1024::read_ciphertext(bytes);
    if (!ciphertext) return;
    const auto key = MlKem1024DecapsulationKey::from_seed(chat::MlKem1024Seed{});
    if (!key.decapsulate(*ciphertext).equals(key.decapsulate(*ciphertext))) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView rest = ByteView{data, size}.subspan(1);
    switch (data[0] % 3) {
        case 0: read_encapsulation_key(rest); break;
        case 1: read_decapsulation_key(rest); break;
        default: read_ciphertext(rest); break;
    }
    return 0;
}
