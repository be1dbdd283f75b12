// FALCON-1024 key generation beside an ML-DSA-87 signature in one run: only the ratio means something, since figures drift with the
// machine. The number of attempts depends on the seed, so each figure is the mean over many seeds, the same ones for every implementation;
// `attempts` is the mean number of pairs (f, g) drawn for a key.

#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include "crypto/library_context.hpp"
#include "quantcrypt/falcon1024/gaussian.hpp"
#include "quantcrypt/falcon1024/keygen.hpp"
#include "quantcrypt/falcon1024/keygen_checks.hpp"
#include "quantcrypt/falcon1024/ntru_solve.hpp"

namespace chat::falcon1024 {
namespace {

constexpr int seeds = 200;

Shake256 source_of(unsigned number) {
    Shake256 out;
    out.absorb(bytes_of("keygen bench " + std::to_string(number)));
    return out;
}

bool is_missing(benchmark::State& state, Implementation implementation) {
    const bool missing = !is_available(implementation);
    if (missing) state.SkipWithError("not available on this processor");
    return missing;
}

void generate(benchmark::State& state, Implementation implementation) {
    if (is_missing(state, implementation)) return;
    unsigned number = 0;
    KeygenCounts counts;
    for (auto _ : state) {
        Shake256 source = source_of(number++);
        benchmark::DoNotOptimize(generate_basis(source, implementation, most_keygen_attempts, counts));
    }
    state.counters["attempts"] = counts.attempts / static_cast<double>(number);
}

/// One pair (f, g), good or bad; of this, hashing is...
void draw_pair(benchmark::State& state, Implementation implementation) {
    if (is_missing(state, implementation)) return;
    KeygenWorkspace workspace{ntru_workspace_size};
    PrivateBasis basis;
    Shake256 source = source_of(0);
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            sample_polynomial(basis.f(), source, keygen_kernels(implementation), workspace));
        benchmark::DoNotOptimize(
            sample_polynomial(basis.g(), source, keygen_kernels(implementation), workspace));
    }
}

/// ... so much: the bytes that a pair is made of.
void hash_pair(benchmark::State& state) {
    Shake256 source = source_of(0);
    Bytes words(2 * 2 * n * sizeof(u64));
    for (auto _ : state) source.squeeze(words);
}

/// NTRUSolve for one good pair.
void solve(benchmark::State& state, Implementation implementation) {
    if (is_missing(state, implementation)) return;
    const KeygenKernels& kernels = keygen_kernels(implementation);
    Shake256 source = source_of(1);
    PrivateBasis basis = generate_basis(source, implementation).basis;
    KeygenWorkspace workspace{ntru_workspace_size};
    std::vector<double> f_values(n);
    std::vector<double> g_values(n);
    if (!check_lengths(basis, f_values, g_values, kernels, workspace)) state.SkipWithError("a bad key");
    for (auto _ : state) {
        if (!solve_ntru(basis, f_values, g_values, kernels, workspace)) state.SkipWithError("not solved");
    }
}

struct FreeKey {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
struct FreeContext {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

void ml_dsa_87_sign(benchmark::State& state) {
    const std::unique_ptr<EVP_PKEY, FreeKey> key{
        EVP_PKEY_Q_keygen(library_context().get(), nullptr, "ML-DSA-87")};
    const Bytes message(33, 0x5A);
    Bytes signature(5000);
    for (auto _ : state) {
        const std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
        std::size_t size = signature.size();
        if (EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, library_context().get(), nullptr,
                                  key.get(), nullptr) != 1 ||
            EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) {
            state.SkipWithError("signing failed");
        }
    }
}

BENCHMARK(ml_dsa_87_sign)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(generate, avx2, Implementation::avx2)->Unit(benchmark::kMicrosecond)->Iterations(seeds);
BENCHMARK_CAPTURE(generate, portable, Implementation::portable)
    ->Unit(benchmark::kMicrosecond)
    ->Iterations(seeds);
BENCHMARK(hash_pair)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(draw_pair, avx2, Implementation::avx2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(draw_pair, portable, Implementation::portable)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(solve, avx2, Implementation::avx2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(solve, portable, Implementation::portable)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace chat::falcon1024
