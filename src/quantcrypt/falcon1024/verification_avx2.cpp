#include "quantcrypt/falcon1024/ntt_avx2.hpp"
#include "quantcrypt/falcon1024/ntt_tables.hpp"
#include "quantcrypt/falcon1024/verification_kernels.hpp"

namespace chat::falcon1024 {
namespace {

using avx2::Lanes;
using avx2::vectors;

constexpr i16 signed_q = static_cast<i16>(q);

Lanes all(i16 value) { return _mm256_set1_epi16(value); }
Lanes load(const void* from, std::size_t vector) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from) + vector);
}

/// a b / R for |a| < 2.67 q and |b| < q; |result| < q.
Lanes multiply(Lanes a, Lanes b) {
    constexpr i16 inverse_q = static_cast<i16>(53249);
    const Lanes low = _mm256_mullo_epi16(_mm256_mullo_epi16(a, b), all(inverse_q));
    return _mm256_sub_epi16(_mm256_mulhi_epi16(a, b), _mm256_mulhi_epi16(low, all(signed_q)));
}

/// a - q where a > q / 2.
Lanes wrapped_down(Lanes a) {
    const Lanes above = _mm256_cmpgt_epi16(a, all(signed_q / 2));
    return _mm256_sub_epi16(a, _mm256_and_si256(above, all(signed_q)));
}

/// a + q where a < -q / 2.
Lanes wrapped_up(Lanes a) {
    const Lanes below = _mm256_cmpgt_epi16(all(-(signed_q / 2)), a);
    return _mm256_add_epi16(a, _mm256_and_si256(below, all(signed_q)));
}

u64 sum_of_lanes(__m256i words) {
    alignas(32) u32 lane[8];
    _mm256_store_si256(reinterpret_cast<__m256i*>(lane), words);
    u64 sum = 0;
    for (u32 word : lane) sum += word;
    return sum;
}

/// h R / n, so that the product comes out of the Montgomery multiplication and the inverse transform
/// unscaled.
void prepare(MutableRingView h) {
    avx2::Element values;
    for (std::size_t i = 0; i < vectors; ++i) values[i] = wrapped_down(load(h.data(), i));
    avx2::ntt(values);
    using ntt_tables::radix;
    constexpr u32 factor = ntt_tables::power(n, q - 2) * radix % q * radix % q;
    constexpr i16 centred = static_cast<i16>(factor > q / 2 ? factor - q : factor);
    for (std::size_t i = 0; i < vectors; ++i) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(h.data()) + i, multiply(values[i], all(centred)));
    }
}

u64 squared_norm(RingView prepared_h, RingView c, std::span<const i16, n> s2) {
    avx2::Element product;
    for (std::size_t i = 0; i < vectors; ++i) product[i] = load(s2.data(), i);
    avx2::ntt(product);
    for (std::size_t i = 0; i < vectors; ++i)
        product[i] = avx2::reduced(multiply(product[i], load(prepared_h.data(), i)));
    avx2::inverse_ntt(product);

    // A lane grows by at most 2 * (6144^2 + 2047^2) < 2^27 a vector, so by less than 2^32 in half the
    // vectors.
    u64 norm = 0;
    for (std::size_t start = 0; start < vectors; start += vectors / 2) {
        __m256i sum = _mm256_setzero_si256();
        for (std::size_t i = start; i < start + vectors / 2; ++i) {
            // c - s2 h lies in (-0.78 q, 1.78 q)
            const Lanes s1 =
                wrapped_up(wrapped_down(wrapped_down(_mm256_sub_epi16(load(c.data(), i), product[i]))));
            const Lanes second = load(s2.data(), i);
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(s1, s1));
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(second, second));
        }
        norm += sum_of_lanes(sum);
    }
    return norm;
}

constexpr VerificationKernels kernels_of_this{prepare, squared_norm};

}  // namespace

const VerificationKernels& avx2_verification_kernels() { return kernels_of_this; }

}  // namespace chat::falcon1024
