// Secrets are marked as undefined memory; memcheck then reports every branch and every address that depends
// on one. Run by ctest under valgrind, which fails on any report. What may become public is declassified,
// with its reason, where it happens.

#include <valgrind/memcheck.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "quantcrypt/falcon1024/falcon1024.hpp"
#include "support/seeded_rng.hpp"

namespace chat::falcon1024 {
namespace {

/// All it gives is secret, until someone declassifies it.
class SecretRng : public Rng {
  public:
    explicit SecretRng(u64 seed) : source_{seed} {}
    void fill(MutableByteView out) override {
        source_.fill(out);
        VALGRIND_MAKE_MEM_UNDEFINED(out.data(), out.size());
    }

  private:
    test::SeededRng source_;
};

void require(bool condition, const char* what) {
    if (condition) return;
    std::printf("%s\n", what);
    std::exit(1);
}

/// Without this a test whose marks got lost on the way would pass.
bool is_marked_secret(const void* memory, std::size_t size) {
    Bytes bits(size);
    VALGRIND_GET_VBITS(memory, bits.data(), size);
    return std::all_of(bits.begin(), bits.end(), [](u8 byte) { return byte != 0; });
}

void check(const KeyPair& pair, Implementation implementation) {
    const auto verifier = VerifyingKey::decode(pair.public_key.view(), implementation).value();
    EncodedSecretKey encoded = pair.secret_key.encode();
    const MutableByteView fields = encoded.expose_mutable().subspan(1);  // the header is public
    VALGRIND_MAKE_MEM_UNDEFINED(fields.data(), fields.size());

    const auto decoded = SecretKey::decode(encoded.expose());
    require(decoded.has_value(), "the secret key was refused");
    require(is_marked_secret(decoded->basis().capital_g().data(), n), "G is not marked as secret");
    (void)decoded->encode();

    SecretRng rng{1};
    ExpandedSigningKey expanded{*decoded, implementation};
    require(is_marked_secret(expanded.expose_mutable().data(), 15 * n * sizeof(double)),
            "the tree is not secret");
    for (int i = 0; i < 3; ++i) {
        const PaddedSignature signature = sign_padded(expanded, bytes_of("message"), rng);
        require(verifier.verify(bytes_of("message"), signature).has_value(),
                "an expanded key's signature is wrong");
    }
    const PaddedSignature padded = sign_padded(*decoded, bytes_of("message"), rng, implementation);
    require(verifier.verify(bytes_of("message"), padded).has_value(), "a secret key's signature is wrong");
    const Bytes compressed = sign_compressed(*decoded, bytes_of("message"), rng, implementation).bytes;
    require(verifier.verify_compressed(bytes_of("message"), compressed).has_value(),
            "a compressed one is wrong");
}

}  // namespace
}  // namespace chat::falcon1024

int main() {
    using namespace chat::falcon1024;
    require(RUNNING_ON_VALGRIND != 0, "this test means nothing outside valgrind");
    chat::test::SeededRng rng{0};
    const KeyPair pair = generate_key_pair(rng);
    for (Implementation implementation : {Implementation::portable, Implementation::avx2}) {
        if (is_available(implementation)) check(pair, implementation);
    }
}
