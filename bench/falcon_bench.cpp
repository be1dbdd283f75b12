// FALCON-1024 beside OpenSSL's ML-DSA-87 and Ed25519 in one run: only the ratios mean something, since
// figures drift with the machine. Messages have 33 bytes; every figure includes hashing.

#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include "crypto/library_context.hpp"
#include "quantcrypt/falcon1024/falcon1024.hpp"
#include "support/seeded_rng.hpp"

namespace chat {
namespace {

using falcon1024::Implementation;

const Bytes message(33, 0x5A);

const falcon1024::KeyPair& falcon_key() {
    static const falcon1024::KeyPair pair = [] {
        test::SeededRng rng{1};
        return falcon1024::generate_key_pair(rng);
    }();
    return pair;
}

bool is_missing(benchmark::State& state, Implementation implementation) {
    const bool missing = !falcon1024::is_available(implementation);
    if (missing) state.SkipWithError("not available on this processor");
    return missing;
}

void falcon_generate(benchmark::State& state) {
    test::SeededRng rng{2};
    for (auto _ : state) benchmark::DoNotOptimize(falcon1024::generate_key_pair(rng));
}

void falcon_expand(benchmark::State& state, Implementation implementation) {
    if (is_missing(state, implementation)) return;
    for (auto _ : state) {
        falcon1024::ExpandedSigningKey key{falcon_key().secret_key, implementation};
        benchmark::DoNotOptimize(key);
    }
}

void falcon_sign_expanded(benchmark::State& state, Implementation implementation) {
    if (is_missing(state, implementation)) return;
    falcon1024::ExpandedSigningKey key{falcon_key().secret_key, implementation};
    test::SeededRng rng{3};
    for (auto _ : state) benchmark::DoNotOptimize(sign_padded(key, message, rng));
}

void falcon_sign_dynamic(benchmark::State& state, Implementation implementation) {
    if (is_missing(state, implementation)) return;
    test::SeededRng rng{3};
    for (auto _ : state) {
        benchmark::DoNotOptimize(sign_padded(falcon_key().secret_key, message, rng, implementation));
    }
}

void falcon_verify(benchmark::State& state, Implementation implementation) {
    if (is_missing(state, implementation)) return;
    test::SeededRng rng{4};
    const auto signature = sign_padded(falcon_key().secret_key, message, rng, implementation);
    const auto key = falcon1024::VerifyingKey::decode(falcon_key().public_key.view(), implementation).value();
    for (auto _ : state) {
        if (!key.verify(message, signature)) state.SkipWithError("a good signature was refused");
    }
}

void falcon_decode_and_verify(benchmark::State& state, Implementation implementation) {
    if (is_missing(state, implementation)) return;
    test::SeededRng rng{4};
    const auto signature = sign_padded(falcon_key().secret_key, message, rng, implementation);
    for (auto _ : state) {
        const auto key = falcon1024::VerifyingKey::decode(falcon_key().public_key.view(), implementation);
        if (!key->verify(message, signature)) state.SkipWithError("a good signature was refused");
    }
}

void falcon_decode_secret_key(benchmark::State& state) {
    const auto encoded = falcon_key().secret_key.encode();
    for (auto _ : state) benchmark::DoNotOptimize(falcon1024::SecretKey::decode(encoded.expose()));
}

struct FreeKey {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
struct FreeContext {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

Key openssl_key(const char* name) { return Key{EVP_PKEY_Q_keygen(library_context().get(), nullptr, name)}; }

Bytes openssl_sign(EVP_PKEY* key) {
    const Context context{EVP_MD_CTX_new()};
    std::size_t size = 0;
    EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, library_context().get(), nullptr, key, nullptr);
    EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size());
    Bytes signature(size);
    if (EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1)
        return {};
    return signature;
}

void openssl_sign(benchmark::State& state, const char* name) {
    const Key key = openssl_key(name);
    for (auto _ : state) {
        if (openssl_sign(key.get()).empty()) state.SkipWithError("signing failed");
    }
}

void openssl_verify(benchmark::State& state, const char* name) {
    const Key key = openssl_key(name);
    const Bytes signature = openssl_sign(key.get());
    for (auto _ : state) {
        const Context context{EVP_MD_CTX_new()};
        EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, library_context().get(), nullptr, key.get(),
                                nullptr);
        if (EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                             message.size()) != 1) {
            state.SkipWithError("a good signature was refused");
        }
    }
}

BENCHMARK_CAPTURE(openssl_sign, ml_dsa_87, "ML-DSA-87")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(openssl_verify, ml_dsa_87, "ML-DSA-87")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(openssl_sign, ed25519, "ED25519")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(openssl_verify, ed25519, "ED25519")->Unit(benchmark::kMicrosecond);

BENCHMARK(falcon_generate)->Unit(benchmark::kMicrosecond);
BENCHMARK(falcon_decode_secret_key)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(falcon_expand, avx2, Implementation::avx2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(falcon_sign_expanded, avx2, Implementation::avx2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(falcon_sign_dynamic, avx2, Implementation::avx2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(falcon_verify, avx2, Implementation::avx2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(falcon_decode_and_verify, avx2, Implementation::avx2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(falcon_expand, portable, Implementation::portable)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(falcon_sign_expanded, portable, Implementation::portable)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(falcon_sign_dynamic, portable, Implementation::portable)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(falcon_verify, portable, Implementation::portable)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(falcon_decode_and_verify, portable, Implementation::portable)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace chat
