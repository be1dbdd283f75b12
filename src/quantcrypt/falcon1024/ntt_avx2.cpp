#include "quantcrypt/falcon1024/ntt_avx2.hpp"

#include "quantcrypt/falcon1024/ntt_tables.hpp"

namespace chat::falcon1024::avx2 {
namespace {

constexpr std::size_t groups = vectors / lanes;

/// 1/q mod 2^16
constexpr u32 inverse_q = 53249;
static_assert(((q * inverse_q) & 0xFFFFU) == 1);

constexpr i16 centred(u32 value) { return static_cast<i16>(value > q / 2 ? value - q : value); }
constexpr i16 times_inverse_q(u32 value) {
    return static_cast<i16>((static_cast<u32>(centred(value)) * inverse_q) & 0xFFFFU);
}

/// One vector's factors for levels 7 to 10.
struct FactorRow {
    alignas(32) i16 value[lanes];
    i16 times_inverse_q[lanes];
};

struct Tables {
    /// Levels 1 to 6: entry b + i for block i of the level with b blocks.
    i16 value[vectors]{};
    i16 scaled[vectors]{};
    /// Levels 7 to 10: for each group, 1 + 2 + 4 + 8 rows; lane c belongs to vector c of the group before it
    /// was transposed.
    FactorRow rows[groups][lanes]{};

    explicit constexpr Tables(const RingElement& roots) {
        for (std::size_t i = 0; i < vectors; ++i) {
            value[i] = centred(roots[i]);
            scaled[i] = times_inverse_q(roots[i]);
        }
        for (std::size_t group = 0; group < groups; ++group) {
            for (std::size_t row = 1; row < lanes; ++row) fill_row(rows[group][row], roots, group, row);
        }
    }

    /// Row `parts + part` is for part `part` of each vector at the level that cuts vectors into `parts`
    /// blocks.
    static constexpr void fill_row(FactorRow& out, const RingElement& roots, std::size_t group,
                                   std::size_t row) {
        std::size_t parts = 1;
        while (2 * parts <= row) parts *= 2;
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const std::size_t block = (group * lanes + lane) * parts + (row - parts);
            out.value[lane] = centred(roots[vectors * parts + block]);
            out.times_inverse_q[lane] = times_inverse_q(roots[vectors * parts + block]);
        }
    }
};

constexpr Tables forward_tables{ntt_tables::forward};
constexpr Tables inverse_tables{ntt_tables::inverse};

Factor broadcast(const Tables& tables, std::size_t index) {
    return {_mm256_set1_epi16(tables.value[index]), _mm256_set1_epi16(tables.scaled[index])};
}

Factor load(const FactorRow& row) {
    return {_mm256_load_si256(reinterpret_cast<const __m256i*>(row.value)),
            _mm256_load_si256(reinterpret_cast<const __m256i*>(row.times_inverse_q))};
}

/// Whether a level first reduces the operand that no multiplication reduces.
enum class Operand { as_is, reduced_first };

template <Operand operand>
void forward_butterfly(Lanes& a, Lanes& b, Factor factor) {
    const Lanes straight = operand == Operand::reduced_first ? reduced(a) : a;
    const Lanes turned = multiply(b, factor);
    a = _mm256_add_epi16(straight, turned);
    b = _mm256_sub_epi16(straight, turned);
}

/// Inputs below 0.78 q, so sums and differences below 1.56 q, and outputs below 0.78 q again.
void inverse_butterfly(Lanes& a, Lanes& b, Factor factor) {
    const Lanes difference = _mm256_sub_epi16(a, b);
    a = reduced(_mm256_add_epi16(a, b));
    b = multiply(difference, factor);
}

template <Operand operand, std::size_t blocks>
void forward_level(Element f) {
    constexpr std::size_t half = vectors / blocks / 2;
    for (std::size_t block = 0; block < blocks; ++block) {
        const Factor factor = broadcast(forward_tables, blocks + block);
        Lanes* const a = f + 2 * half * block;
        for (std::size_t i = 0; i < half; ++i) forward_butterfly<operand>(a[i], a[i + half], factor);
    }
}

template <std::size_t blocks>
void inverse_level(Element f) {
    constexpr std::size_t half = vectors / blocks / 2;
    for (std::size_t block = 0; block < blocks; ++block) {
        const Factor factor = broadcast(inverse_tables, blocks + block);
        Lanes* const a = f + 2 * half * block;
        for (std::size_t i = 0; i < half; ++i) inverse_butterfly(a[i], a[i + half], factor);
    }
}

/// Transposes the 8 x 8 matrices of 16-bit lanes in the lower and in the upper halves of eight vectors: three
/// perfect shuffles.
void transpose_halves(Lanes* v) {
    Lanes shuffled[8];
    for (int round = 0; round < 3; ++round) {
        for (std::size_t i = 0; i < 4; ++i) {
            shuffled[2 * i] = _mm256_unpacklo_epi16(v[i], v[i + 4]);
            shuffled[2 * i + 1] = _mm256_unpackhi_epi16(v[i], v[i + 4]);
        }
        for (std::size_t i = 0; i < 8; ++i) v[i] = shuffled[i];
    }
}

/// Transposes a 16 x 16 matrix.
void transpose(Lanes* v) {
    for (std::size_t i = 0; i < 8; ++i) {
        const Lanes low = _mm256_permute2x128_si256(v[i], v[i + 8], 0x20);
        v[i + 8] = _mm256_permute2x128_si256(v[i], v[i + 8], 0x31);
        v[i] = low;
    }
    transpose_halves(v);
    transpose_halves(v + 8);
}

template <Operand operand, std::size_t parts>
void forward_rows(Lanes* v, const FactorRow* rows) {
    constexpr std::size_t half = lanes / parts / 2;
    for (std::size_t part = 0; part < parts; ++part) {
        const Factor factor = load(rows[parts + part]);
        Lanes* const a = v + 2 * half * part;
        for (std::size_t i = 0; i < half; ++i) forward_butterfly<operand>(a[i], a[i + half], factor);
    }
}

template <std::size_t parts>
void inverse_rows(Lanes* v, const FactorRow* rows) {
    constexpr std::size_t half = lanes / parts / 2;
    for (std::size_t part = 0; part < parts; ++part) {
        const Factor factor = load(rows[parts + part]);
        Lanes* const a = v + 2 * half * part;
        for (std::size_t i = 0; i < half; ++i) inverse_butterfly(a[i], a[i + half], factor);
    }
}

}  // namespace

void ntt(Element f) {
    // In units of q, from below 1: 1.60, 2.25, then reduced 1.50, 2.14, reduced 1.49, 2.13, and so on.
    forward_level<Operand::as_is, 1>(f);
    forward_level<Operand::as_is, 2>(f);
    forward_level<Operand::reduced_first, 4>(f);
    forward_level<Operand::as_is, 8>(f);
    forward_level<Operand::reduced_first, 16>(f);
    forward_level<Operand::as_is, 32>(f);
    for (std::size_t group = 0; group < groups; ++group) {
        Lanes* const v = f + lanes * group;
        const FactorRow* const rows = forward_tables.rows[group];
        transpose(v);
        forward_rows<Operand::reduced_first, 1>(v, rows);
        forward_rows<Operand::as_is, 2>(v, rows);
        forward_rows<Operand::reduced_first, 4>(v, rows);
        forward_rows<Operand::as_is, 8>(v, rows);
    }
}

void inverse_ntt(Element f) {
    for (std::size_t group = 0; group < groups; ++group) {
        Lanes* const v = f + lanes * group;
        const FactorRow* const rows = inverse_tables.rows[group];
        inverse_rows<8>(v, rows);
        inverse_rows<4>(v, rows);
        inverse_rows<2>(v, rows);
        inverse_rows<1>(v, rows);
        transpose(v);
    }
    inverse_level<32>(f);
    inverse_level<16>(f);
    inverse_level<8>(f);
    inverse_level<4>(f);
    inverse_level<2>(f);
    inverse_level<1>(f);
}

}  // namespace chat::falcon1024::avx2
