/// What protected memory costs: a small secret (pooled) and a large one (pages of its own).
#include <benchmark/benchmark.h>

#include "base/secret.hpp"

namespace chat {
namespace {

void small_secret(benchmark::State& state) {
    for (auto _ : state) {
        Secret<struct BenchTag, 32> secret;
        benchmark::DoNotOptimize(secret.expose_mutable().data());
    }
}
BENCHMARK(small_secret);

void thousand_small_secrets(benchmark::State& state) {
    for (auto _ : state) {
        std::vector<Secret<struct BenchTag, 32>> secrets(1000);
        benchmark::DoNotOptimize(secrets.data());
    }
    state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(thousand_small_secrets);

void large_secret(benchmark::State& state) {
    for (auto _ : state) {
        SecretBuffer secret{static_cast<std::size_t>(state.range(0))};
        benchmark::DoNotOptimize(secret.expose_mutable().data());
    }
}
BENCHMARK(large_secret)->Arg(1024)->Arg(4096)->Arg(65536);

}  // namespace
}  // namespace chat
