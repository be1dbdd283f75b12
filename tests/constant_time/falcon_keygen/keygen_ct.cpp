// Key generation from a seed that is marked as undefined memory: memcheck reports every branch and every address that depends on it.
// Run by ctest under valgrind, which fails on any report. What becomes public on the way is declassified, with its reason, where it happens:
// the outcome of each check (keygen_verdict.hpp) and the public key.

#include <valgrind/memcheck.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "quantcrypt/falcon1024/declassify.hpp"
#include "quantcrypt/falcon1024/keygen.hpp"

namespace chat::falcon1024 {

void declassify(ByteView now_public) { VALGRIND_MAKE_MEM_DEFINED(now_public.data(), now_public.size()); }

namespace {

void require(bool condition, const char* what) {
    if (condition) return;
    std::printf("%s\n", what);
    std::exit(1);
}

/// Without this a test whose marks got lost on the way would pass.
bool is_marked_secret(PrivateBasis::Polynomial polynomial) {
    Bytes bits(polynomial.size());
    VALGRIND_GET_VBITS(polynomial.data(), bits.data(), bits.size());
    return std::all_of(bits.begin(), bits.end(), [](u8 byte) { return byte != 0; });
}

void check(Implementation implementation) {
    std::array<u8, seed_size> seed{};
    VALGRIND_MAKE_MEM_UNDEFINED(seed.data(), seed.size());
    Shake256 source;
    source.absorb(seed);
    const GeneratedKey key = generate_basis(source, implementation);
    for (auto polynomial : {key.basis.f(), key.basis.g(), key.basis.capital_f(), key.basis.capital_g()}) {
        require(is_marked_secret(polynomial), "the basis is not marked as secret");
    }
    require(VALGRIND_CHECK_MEM_IS_DEFINED(key.h.data(), sizeof(key.h)) == 0, "the public key is not public");
}

}  // namespace
}  // namespace chat::falcon1024

int main() {
    using namespace chat::falcon1024;
    require(RUNNING_ON_VALGRIND != 0, "this test means nothing outside valgrind");
    for (Implementation implementation : {Implementation::portable, Implementation::avx2}) {
        if (is_available(implementation)) check(implementation);
    }
}
