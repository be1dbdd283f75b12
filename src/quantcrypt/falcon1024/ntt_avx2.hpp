#pragma once
/// The transform modulo q on sixteen 16-bit lanes. Only *_avx2.cpp may include this. For public data: it
/// serves verification.
///
/// Values are kept in (-2.67 q, 2.67 q), what 16 bits hold; the bounds beside the code say how far each step
/// lets them grow. Up to level 6 a block has at least 16 coefficients, so that butterflies pair whole
/// vectors; for levels 7 to 10 each group of 16 vectors is transposed, after which they do so again. Values
/// stay transposed: their order is bit-reversed, group by group transposed.

#include <immintrin.h>

#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024::avx2 {

inline constexpr std::size_t lanes = 16;
inline constexpr std::size_t vectors = n / lanes;
using Lanes = __m256i;
/// 1024 coefficients or values.
using Element = Lanes[vectors];

/// A factor in Montgomery form, centred, and the factor times 1/q mod R.
struct Factor {
    Lanes value;
    Lanes times_inverse_q;
};

/// a * factor / R: |result| < 0.094 |a| + 0.5 q <= 0.75 q.
inline Lanes multiply(Lanes a, Factor factor) {
    const Lanes low = _mm256_mullo_epi16(a, factor.times_inverse_q);
    return _mm256_sub_epi16(_mm256_mulhi_epi16(a, factor.value),
                            _mm256_mulhi_epi16(low, _mm256_set1_epi16(static_cast<i16>(q))));
}

/// a - round(3 a / 2^15) q: |result| < 0.78 q for every a.
inline Lanes reduced(Lanes a) {
    const Lanes quotient = _mm256_mulhrs_epi16(a, _mm256_set1_epi16(3));
    return _mm256_sub_epi16(a, _mm256_mullo_epi16(quotient, _mm256_set1_epi16(static_cast<i16>(q))));
}

/// In place, coefficients of magnitude below q to values of magnitude below 2.2 q.
void ntt(Element f);
/// In place, values of magnitude below q to n times the coefficients, of magnitude below 0.78 q.
void inverse_ntt(Element f);

}  // namespace chat::falcon1024::avx2
