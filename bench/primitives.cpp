// What the layers above pay for one call of each primitive, with the sizes they use (docs/protocol.md).

#include <benchmark/benchmark.h>

#include "crypto/aead.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/hash.hpp"
#include "crypto/health_tested_rng.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/hmac.hpp"
#include "crypto/mixing_rng.hpp"
#include "crypto/shake.hpp"
#include "crypto/system_rng.hpp"
#include "crypto/x25519.hpp"
#include "quantcrypt/mlkem1024.hpp"
#include "support/seeded_rng.hpp"

namespace {

using namespace chat;

constexpr std::size_t cell_size = 5632;
constexpr std::size_t body_size = 1112;
constexpr std::size_t bulk_size = 65488;

void hash_cell_sha512(benchmark::State& state) {
    const Bytes cell(cell_size, 1);
    for (auto _ : state) benchmark::DoNotOptimize(sha512(cell));
}
BENCHMARK(hash_cell_sha512);

void hash_cell_sha256(benchmark::State& state) {
    const Bytes cell(cell_size, 1);
    for (auto _ : state) benchmark::DoNotOptimize(sha256(cell));
}
BENCHMARK(hash_cell_sha256);

void hmac_sha256_step(benchmark::State& state) {
    std::array<u8, 32> key{1};
    for (auto _ : state) hmac_sha256(key, {bytes_of("KDF_INFO_CHAIN")}, key);
}
BENCHMARK(hmac_sha256_step);

void hkdf_sha512_160_bytes(benchmark::State& state) {
    std::array<u8, 160> out{1};
    for (auto _ : state)
        hkdf_sha512(ByteView{out}.first(64), ByteView{out}.subspan(64), "a label of this length", out);
}
BENCHMARK(hkdf_sha512_160_bytes);

void shake256_squeeze_two_bytes(benchmark::State& state) {
    Shake256 shake;
    std::array<u8, 2> out{};
    for (auto _ : state) shake.squeeze(out);
}
BENCHMARK(shake256_squeeze_two_bytes);

template <class Cipher, std::size_t size>
void seal(benchmark::State& state) {
    const std::array<u8, Cipher::key_size> key{1};
    const std::array<u8, Cipher::nonce_size> nonce{2};
    const Bytes ad(100);
    Bytes plaintext(size);
    Bytes out(size + Cipher::tag_size);
    for (auto _ : state) Cipher::seal(key, nonce, ad, plaintext, out);
    state.SetBytesProcessed(state.iterations() * static_cast<i64>(size));
}
BENCHMARK_TEMPLATE(seal, Aes256Gcm, body_size);
BENCHMARK_TEMPLATE(seal, XChaCha20Poly1305, body_size);
BENCHMARK_TEMPLATE(seal, ChaCha20Poly1305, body_size);
BENCHMARK_TEMPLATE(seal, XChaCha20Poly1305, bulk_size);

template <class Cipher, std::size_t size>
void open(benchmark::State& state) {
    const std::array<u8, Cipher::key_size> key{1};
    const std::array<u8, Cipher::nonce_size> nonce{2};
    Bytes plaintext(size);
    Bytes sealed(size + Cipher::tag_size);
    Cipher::seal(key, nonce, {}, plaintext, sealed);
    for (auto _ : state) {
        if (!Cipher::open(key, nonce, {}, sealed, plaintext)) state.SkipWithError("does not open");
    }
}
BENCHMARK_TEMPLATE(open, Aes256Gcm, body_size);
BENCHMARK_TEMPLATE(open, XChaCha20Poly1305, body_size);

void x25519_agree(benchmark::State& state) {
    test::SeededRng rng{1};
    const auto ours = x25519::generate(rng);
    const auto theirs = x25519::generate(rng);
    for (auto _ : state) benchmark::DoNotOptimize(x25519::agree(ours.private_key, theirs.public_key));
}
BENCHMARK(x25519_agree);

void ed25519_sign(benchmark::State& state) {
    test::SeededRng rng{1};
    const auto pair = ed25519::generate(rng);
    const Bytes message(100);
    for (auto _ : state) benchmark::DoNotOptimize(ed25519::sign(pair.private_key, message));
}
BENCHMARK(ed25519_sign);

void ed25519_verify(benchmark::State& state) {
    test::SeededRng rng{1};
    const auto pair = ed25519::generate(rng);
    const Bytes message(100);
    const auto signature = ed25519::sign(pair.private_key, message);
    for (auto _ : state) benchmark::DoNotOptimize(ed25519::verify(pair.public_key, message, signature));
}
BENCHMARK(ed25519_verify);

void mlkem1024_generate(benchmark::State& state) {
    test::SeededRng rng{1};
    for (auto _ : state) benchmark::DoNotOptimize(mlkem1024::generate(rng));
}
BENCHMARK(mlkem1024_generate);

void mlkem1024_check_encapsulation_key(benchmark::State& state) {
    test::SeededRng rng{1};
    const auto pair = mlkem1024::generate(rng);
    for (auto _ : state) benchmark::DoNotOptimize(mlkem1024::check_encapsulation_key(pair.encapsulation_key));
}
BENCHMARK(mlkem1024_check_encapsulation_key);

void mlkem1024_encapsulate(benchmark::State& state) {
    test::SeededRng rng{1};
    const auto pair = mlkem1024::generate(rng);
    for (auto _ : state) benchmark::DoNotOptimize(mlkem1024::encapsulate(pair.encapsulation_key, rng));
}
BENCHMARK(mlkem1024_encapsulate);

void mlkem1024_decapsulate_from_seed(benchmark::State& state) {
    test::SeededRng rng{1};
    const auto pair = mlkem1024::generate(rng);
    const auto sent = mlkem1024::encapsulate(pair.encapsulation_key, rng);
    for (auto _ : state) benchmark::DoNotOptimize(mlkem1024::decapsulate(pair.seed, sent->ciphertext));
}
BENCHMARK(mlkem1024_decapsulate_from_seed);

void mlkem1024_decapsulate_loaded(benchmark::State& state) {
    test::SeededRng rng{1};
    const auto pair = mlkem1024::generate(rng);
    const auto sent = mlkem1024::encapsulate(pair.encapsulation_key, rng);
    const auto key = MlKem1024DecapsulationKey::from_seed(pair.seed);
    for (auto _ : state) benchmark::DoNotOptimize(key.decapsulate(sent->ciphertext));
}
BENCHMARK(mlkem1024_decapsulate_loaded);

void draw_32_bytes(benchmark::State& state) {
    SystemRng system;
    MixingRng mixing{system};
    HealthTestedRng rng{mixing};
    std::array<u8, 32> out{};
    for (auto _ : state) rng.fill(out);
}
BENCHMARK(draw_32_bytes);

}  // namespace
