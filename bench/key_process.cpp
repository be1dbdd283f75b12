// What a call to the key process costs beside the same call in this process: the difference is two copies, two wake-ups and the
// frames' guarded memory. Both in the same run, since the processor's speed drifts from one to the next.

#include <benchmark/benchmark.h>

#include <stdexcept>

#include "secure_key_manager/isolation/in_process_keys.hpp"
#include "secure_key_manager/isolation/isolated_keys.hpp"
#include "support/seeded_rng.hpp"

namespace {

using namespace chat;

std::unique_ptr<KeyHolder> start_apart() {
    auto started = hold_ephemeral_keys({CHAT_PROGRAM, false});
    if (!started) throw std::runtime_error{describe(started.error())};
    return std::move(*started);
}

std::unique_ptr<KeyHolder> start_here() { return hold_ephemeral_keys_in_this_process({}); }

using Start = std::unique_ptr<KeyHolder> (*)();

RotationStatement statement() {
    test::SeededRng rng{1};
    return {Role::a, {}, {}, 0, falcon1024::generate_key_pair(rng).public_key};
}

void sign(benchmark::State& state, Start start) {
    const auto holder = start();
    const auto identity = *holder->generate();
    const IdentityStatement signed_statement = statement();
    for (auto _ : state) benchmark::DoNotOptimize(identity->sign(signed_statement));
}
BENCHMARK_CAPTURE(sign, apart, start_apart)->UseRealTime();
BENCHMARK_CAPTURE(sign, here, start_here)->UseRealTime();

void agree(benchmark::State& state, Start start) {
    const auto holder = start();
    const auto identity = *holder->generate();
    const X25519PublicKey peer = identity->public_identity().x25519();
    for (auto _ : state) benchmark::DoNotOptimize(identity->agree(peer));
}
BENCHMARK_CAPTURE(agree, apart, start_apart)->UseRealTime();
BENCHMARK_CAPTURE(agree, here, start_here)->UseRealTime();

void decapsulate(benchmark::State& state, Start start) {
    const auto holder = start();
    const auto identity = *holder->generate();
    test::SeededRng rng{1};
    const auto sent = mlkem1024::encapsulate(identity->public_identity().mlkem(), rng);
    for (auto _ : state) benchmark::DoNotOptimize(identity->decapsulate(sent->ciphertext));
}
BENCHMARK_CAPTURE(decapsulate, apart, start_apart)->UseRealTime();
BENCHMARK_CAPTURE(decapsulate, here, start_here)->UseRealTime();

void generate(benchmark::State& state, Start start) {
    const auto holder = start();
    for (auto _ : state) benchmark::DoNotOptimize(holder->generate());
}
BENCHMARK_CAPTURE(generate, apart, start_apart)->UseRealTime();
BENCHMARK_CAPTURE(generate, here, start_here)->UseRealTime();

/// The smallest call: what the way there and back costs.
void mix_entropy(benchmark::State& state, Start start) {
    const auto holder = start();
    const Bytes entropy(32);
    for (auto _ : state) benchmark::DoNotOptimize(holder->mix_entropy(entropy));
}
BENCHMARK_CAPTURE(mix_entropy, apart, start_apart)->UseRealTime();
BENCHMARK_CAPTURE(mix_entropy, here, start_here)->UseRealTime();

/// From nothing to the first identity: what the program's start takes longer.
void first_identity(benchmark::State& state, Start start) {
    for (auto _ : state) {
        const auto holder = start();
        benchmark::DoNotOptimize(holder->generate());
    }
}
BENCHMARK_CAPTURE(first_identity, apart, start_apart)->UseRealTime();
BENCHMARK_CAPTURE(first_identity, here, start_here)->UseRealTime();

}  // namespace
