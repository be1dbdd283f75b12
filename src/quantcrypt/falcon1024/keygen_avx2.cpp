#include <immintrin.h>

#include <utility>

#include "quantcrypt/falcon1024/fft_kernels.hpp"
#include "quantcrypt/falcon1024/keygen_avx2.hpp"
#include "quantcrypt/falcon1024/keygen_kernels.hpp"
#include "quantcrypt/falcon1024/vec_avx2.hpp"

namespace chat::falcon1024 {
namespace {

struct Arch {
    using Vec = Avx2Vec;
    using HalfVec = Avx2HalfVec;
    using Scalar = ScalarVec<Arch>;
};

__m256i load(const void* from) { return _mm256_loadu_si256(static_cast<const __m256i*>(from)); }
void store(void* to, __m256i value) { _mm256_storeu_si256(static_cast<__m256i*>(to), value); }

/// Neighbours in as many vectors as there are indices, all sums in registers.
template <std::size_t... v>
void add_products_of(i64* out, const ProductSum& sum, std::index_sequence<v...>) {
    __m256i total[] = {load(out + 4 * v)...};
    for (std::size_t a = 0; a < sum.outer; ++a) {
        const i64* x = sum.x + static_cast<std::ptrdiff_t>(a) * sum.x_outer;
        const i64* y = sum.y + static_cast<std::ptrdiff_t>(a) * sum.y_outer;
        for (std::size_t b = 0; b < sum.inner; ++b, x += sum.x_inner, y += sum.y_inner) {
            const __m256i factor = _mm256_set1_epi64x(*x);
            ((total[v] = _mm256_add_epi64(total[v], _mm256_mul_epi32(factor, load(y + 4 * v)))), ...);
        }
    }
    (store(out + 4 * v, total[v]), ...);
}

void add_products(i64* out, std::size_t width, const ProductSum& sum) {
    switch (width) {
        case 4: return add_products_of(out, sum, std::make_index_sequence<1>{});
        case 8: return add_products_of(out, sum, std::make_index_sequence<2>{});
        case 12: return add_products_of(out, sum, std::make_index_sequence<3>{});
        default: return add_products_of(out, sum, std::make_index_sequence<4>{});
    }
}

/// Four coefficients; see gaussian_coefficients(). A comparison's true is -1.
__m256i coefficients_of(__m256i first, __m256i second) {
    const __m256i low_63_bits = _mm256_set1_epi64x(0x7FFFFFFFFFFFFFFF);
    const __m256i magnitude_draw = _mm256_and_si256(second, low_63_bits);
    __m256i magnitude = _mm256_set1_epi64x(1);
    for (std::size_t k = 1; k < gaussian_table.size(); ++k) {
        const __m256i entry = _mm256_set1_epi64x(static_cast<i64>(gaussian_table[k]));
        magnitude = _mm256_sub_epi64(magnitude, _mm256_cmpgt_epi64(entry, magnitude_draw));
    }
    const __m256i zero = _mm256_cmpgt_epi64(_mm256_set1_epi64x(static_cast<i64>(gaussian_table[0])),
                                            _mm256_and_si256(first, low_63_bits));
    magnitude = _mm256_andnot_si256(zero, magnitude);
    const __m256i sign = _mm256_cmpgt_epi64(_mm256_setzero_si256(), first);
    return _mm256_sub_epi64(_mm256_xor_si256(magnitude, sign), sign);
}

void gaussian(std::span<i8> out, std::span<const u64> draws) {
    const u64* from = draws.data();
    i8* to = out.data();
    alignas(32) i64 lanes[4];
    for (std::size_t i = 0; i < out.size(); i += 4, from += 8, to += 4) {
        const __m256i a = load(from);
        const __m256i b = load(from + 4);
        // Coefficients 0, 2, 1, 3.
        store(lanes, coefficients_of(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b)));
        to[0] = static_cast<i8>(lanes[0]);
        to[1] = static_cast<i8>(lanes[2]);
        to[2] = static_cast<i8>(lanes[1]);
        to[3] = static_cast<i8>(lanes[3]);
    }
}

/// Calls body<N>() for the N that is `size`.
template <std::size_t N = n, class Body>
void with_size(std::size_t size, Body body) {
    if (size == N) return body.template operator()<N>();
    if constexpr (N > 16) with_size<N / 2>(size, body);
}

void fft_avx2(std::span<double> f) {
    with_size(f.size(), [&]<std::size_t N>() { kernels::fft<Arch, N>(f.first<N>()); });
}
void inverse_fft_avx2(std::span<double> f) {
    with_size(f.size(), [&]<std::size_t N>() { kernels::inverse_fft<Arch, N>(f.first<N>()); });
}

/// a b / 2^16 mod q, in [0, q), for a, b < q.
__m256i montgomery(__m256i a, __m256i b) {
    const __m256i modulus = _mm256_set1_epi16(static_cast<i16>(q));
    const __m256i inverse_q = _mm256_set1_epi16(static_cast<i16>(-12287));
    static_assert(((q * (65536U - 12287U)) & 0xFFFFU) == 1);
    const __m256i factor = _mm256_mullo_epi16(_mm256_mullo_epi16(a, b), inverse_q);
    const __m256i high = _mm256_mulhi_epu16(a, b);
    const __m256i subtrahend = _mm256_mulhi_epu16(factor, modulus);
    const __m256i borrow = _mm256_cmpgt_epi16(subtrahend, high);
    return _mm256_add_epi16(_mm256_sub_epi16(high, subtrahend), _mm256_and_si256(borrow, modulus));
}

/// b^(q-2), Fermat's inverse, sixteen at a time.
void divide_values_avx2(std::span<u16, n> a, std::span<const u16, n> b) {
    constexpr std::size_t lanes = 16;
    constexpr u32 exponent = q - 2;
    const __m256i radix_squared = _mm256_set1_epi16(static_cast<i16>((u64{1} << 32U) % q));
    for (std::size_t i = 0; i < n; i += lanes) {
        const __m256i divisor = montgomery(load(b.data() + i), radix_squared);
        __m256i inverse = divisor;
        for (u32 bit = u32{1} << 12U; bit != 0; bit >>= 1U) {
            inverse = montgomery(inverse, inverse);
            if ((exponent & bit) != 0) inverse = montgomery(inverse, divisor);
        }
        store(a.data() + i, montgomery(load(a.data() + i), inverse));
    }
}

constexpr KeygenKernels table{add_products, ntt31_avx2,       inverse_ntt31_avx2, gaussian,
                              fft_avx2,     inverse_fft_avx2, divide_values_avx2};

}  // namespace

const KeygenKernels& avx2_keygen_kernels() { return table; }

}  // namespace chat::falcon1024
