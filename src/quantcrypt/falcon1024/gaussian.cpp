#include "quantcrypt/falcon1024/gaussian.hpp"

#include <bit>

#include "quantcrypt/falcon1024/keygen_verdict.hpp"

namespace chat::falcon1024 {
namespace {

constexpr u64 low_63_bits = ~u64{0} >> 1U;
constexpr int most_draws_of_last = 256;
/// The kernels work on so many coefficients at a time.
constexpr std::size_t group = 4;

/// 1 when a < b, for a, b < 2^63.
u64 less(u64 a, u64 b) { return (a - b) >> 63U; }

void squeeze_words(Shake256& source, std::span<u64> out) {
    source.squeeze({reinterpret_cast<u8*>(out.data()), out.size_bytes()});  // NOLINT: words are bytes too
    if constexpr (std::endian::native == std::endian::big) {
        for (u64& word : out) word = __builtin_bswap64(word);
    }
}

u32 parity(std::span<const i8> coefficients) {
    u32 sum = 0;
    for (i8 value : coefficients) sum ^= static_cast<u32>(value);
    return sum & 1U;
}

}  // namespace

void gaussian_coefficients(std::span<i8> out, std::span<const u64> draws) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        const u64 first = draws[2 * i];
        const u64 second = draws[2 * i + 1] & low_63_bits;
        u64 magnitude = 1;
        for (std::size_t k = 1; k < gaussian_table.size(); ++k) magnitude += less(second, gaussian_table[k]);
        magnitude &= less(first & low_63_bits, gaussian_table[0]) - 1;
        const u64 sign = 0 - (first >> 63U);
        out[i] = static_cast<i8>((magnitude ^ sign) - sign);
    }
}

bool sample_polynomial(std::span<i8, n> out, Shake256& source, const KeygenKernels& kernels,
                       KeygenWorkspace& workspace) {
    const KeygenWorkspace::Scope scope{workspace};
    const auto words = workspace.take<u64>(2 * n);
    squeeze_words(source, words);
    kernels.gaussian(out, words);
    const u32 rest = parity(out.first(n - 1));
    const auto last = workspace.take<i8>(group);
    last[0] = out[n - 1];
    for (int draws = 1; !public_verdict(((rest ^ static_cast<u32>(last[0])) & 1U) != 0); ++draws) {
        if (draws == most_draws_of_last) return false;
        squeeze_words(source, words.first(2));
        kernels.gaussian(last, words.first(2 * group));
    }
    out[n - 1] = last[0];
    return true;
}

}  // namespace chat::falcon1024
