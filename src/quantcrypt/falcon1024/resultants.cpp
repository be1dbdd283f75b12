#include "quantcrypt/falcon1024/resultants.hpp"

#include <algorithm>
#include <cassert>

#include "quantcrypt/falcon1024/keygen_verdict.hpp"
#include "quantcrypt/falcon1024/limb_accumulator.hpp"

namespace chat::falcon1024 {
namespace {

/// Integers are limbs of 62 bits, the lowest first; the highest limb is signed, the others are in [0, 2^62).
using Limbs = std::span<i64>;
using ConstLimbs = std::span<const i64>;

constexpr std::size_t bits = resultant_digits * digit_bits;
constexpr std::size_t limb_count = bits / limb_bits + 2;
/// Steps after which g is 0 for any f, g below 2^bits (Bernstein and Yang's bound, as restated for delta = 1/2 at the start).
constexpr std::size_t step_bound = (45907 * bits + 26313) / 19929;
constexpr std::size_t batches = step_bound / limb_bits + 1;

/// 2^62 times what `limb_bits` division steps do to (f, g): f' = (u f + v g) / 2^62, g' = (q f + r g) / 2^62.
struct Transition {
    i64 u = 1;
    i64 v = 0;
    i64 q = 0;
    i64 r = 1;
};

/// One division step: (delta, f, g) becomes (1 - delta, g, (g - f) / 2) when delta > 0 and g is odd, else
/// (1 + delta, f, (g + (g mod 2) f) / 2). Only the low limbs of f and g matter for 62 of them.
Transition divide_steps(i64& twice_delta, u64 f, u64 g) {
    u64 u = 1, v = 0, q = 0, r = 1;
    for (unsigned step = 0; step < limb_bits; ++step) {
        const u64 odd = 0 - (g & 1U);
        const u64 swap = odd & static_cast<u64>(-twice_delta >> 63U);
        g += ((f ^ swap) - swap) & odd;
        q += ((u ^ swap) - swap) & odd;
        r += ((v ^ swap) - swap) & odd;
        f += g & swap;
        u += q & swap;
        v += r & swap;
        g >>= 1U;
        u <<= 1U;
        v <<= 1U;
        const i64 turn = static_cast<i64>(swap);
        twice_delta = ((twice_delta ^ turn) - turn) + 2;
    }
    return {static_cast<i64>(u), static_cast<i64>(v), static_cast<i64>(q), static_cast<i64>(r)};
}

/// The two rows of a transition times a pair of integers, limb by limb.
struct TwoSums {
    struct Limb {
        i64 first;
        i64 second;
    };
    Transition t;
    LimbAccumulator first{};
    LimbAccumulator second{};

    Limb add(i64 a, i64 b) {
        first.add_product(t.u, a);
        first.add_product(t.v, b);
        second.add_product(t.q, a);
        second.add_product(t.r, b);
        return {first.take_limb(), second.take_limb()};
    }
};

/// (f, g) = (u f + v g, q f + r g) / 2^62, which is exact.
void apply_divided(const Transition& t, Limbs f, Limbs g) {
    TwoSums sums{t};
    (void)sums.add(f[0], g[0]);  // these limbs become 0
    const std::size_t last = f.size() - 1;
    i64* const f_limbs = f.data();
    i64* const g_limbs = g.data();
    for (std::size_t i = 0; i < last; ++i) {
        const TwoSums::Limb limb = sums.add(f_limbs[i + 1], g_limbs[i + 1]);
        f_limbs[i] = limb.first;
        g_limbs[i] = limb.second;
    }
    f[last] = sums.first.rest();
    g[last] = sums.second.rest();
}

/// (a, b) = (u a + v b, q a + r b), which has one limb more.
void apply_growing(const Transition& t, Limbs a, Limbs b) {
    TwoSums sums{t};
    const std::size_t last = a.size() - 1;
    i64* const a_limbs = a.data();
    i64* const b_limbs = b.data();
    for (std::size_t i = 0; i < last; ++i) {
        const TwoSums::Limb limb = sums.add(a_limbs[i], b_limbs[i]);
        a_limbs[i] = limb.first;
        b_limbs[i] = limb.second;
    }
    a[last] = sums.first.rest();
    b[last] = sums.second.rest();
}

/// -1/odd modulo 2^62.
i64 negative_inverse(i64 odd) {
    const u64 value = static_cast<u64>(odd);
    u64 inverse = value;  // right modulo 8
    for (int i = 0; i < 5; ++i) inverse *= 2 - value * inverse;
    return static_cast<i64>((0 - inverse) & static_cast<u64>(limb_mask));
}

/// sum += factor f 2^(62 position), leaving the carry in the limb after f's last.
void add_multiple(Limbs sum, std::size_t position, i64 factor, ConstLimbs f) {
    LimbAccumulator accumulator;
    for (std::size_t i = 0; i < f.size(); ++i) {
        accumulator.add(sum[position + i]);
        accumulator.add_product(factor, f[i]);
        sum[position + i] = accumulator.take_limb();
    }
    sum[position + f.size()] += accumulator.rest();
}

/// Divides `sum` by 2^(62 batches) modulo f: afterwards the limbs from `batches` on are the quotient, at most |f|/2 plus the
/// integral part of what it was. Montgomery's reduction with centred factors.
void divide_by_radix_power(Limbs sum, ConstLimbs f) {
    const i64 negative_inverse_f = negative_inverse(f[0]);
    for (std::size_t i = 0; i < batches; ++i) {
        const u64 product = static_cast<u64>(sum[i]) * static_cast<u64>(negative_inverse_f);
        const i64 factor = static_cast<i64>(product << (64 - limb_bits)) >> (64 - limb_bits);
        add_multiple(sum, i, factor, f);
    }
}

void to_limbs(Limbs out, ConstDigits in) {
    LimbAccumulator accumulator;
    unsigned filled = 0;
    std::size_t next = 0;
    for (std::size_t j = 0; j < in.digits; ++j) {
        accumulator.add_product(in.at(0, j), i64{1} << filled);
        filled += digit_bits;
        if (filled >= limb_bits) {
            out[next++] = accumulator.take_limb();
            filled -= limb_bits;
        }
    }
    for (; next + 1 < out.size(); ++next) out[next] = accumulator.take_limb();
    out[next] = accumulator.rest();
}

/// Two's complement in 28-bit digits, the highest one signed; not balanced yet.
void to_digits(Digits out, ConstLimbs in) {
    const i64 sign = in.back() >> 63U;
    for (std::size_t j = 0; j < out.digits; ++j) {
        const std::size_t limb = j * digit_bits / limb_bits;
        const std::size_t shift = j * digit_bits % limb_bits;
        const u64 low = static_cast<u64>(limb < in.size() ? in[limb] : sign) >> shift;
        const i64 above = limb + 1 < in.size() ? in[limb + 1] : sign;
        const u64 high = static_cast<u64>(above) << (limb_bits - shift);
        const bool spans_two = shift + digit_bits > limb_bits;
        out.at(0, j) = static_cast<i64>(spans_two ? low | high : low) & (digit_base - 1);
    }
    i64& highest = out.at(0, out.digits - 1);
    highest -= (highest >> (digit_bits - 1)) << digit_bits;
}

/// Whether `f` is 1 or -1, which goes to `sign`.
bool is_unit(ConstLimbs f, i64& sign) {
    const i64 negative = f.back() >> 63U;
    i64 difference = 0;
    for (std::size_t i = 0; i < f.size(); ++i) {
        const i64 plus_one = i == 0 ? 1 : 0;
        const i64 minus_one = i + 1 < f.size() ? limb_mask : -1;
        difference |= f[i] ^ ((negative & minus_one) | (~negative & plus_one));
    }
    sign = 1 + 2 * negative;
    return public_verdict(difference == 0);
}

}  // namespace

Result<void, KeygenRejection> solve_resultants(Digits big_f, ConstDigits f, ConstDigits g,
                                               KeygenWorkspace& workspace) {
    assert(f.digits == resultant_digits && g.digits == resultant_digits && big_f.digits == resultant_digits);
    const KeygenWorkspace::Scope scope{workspace};
    const Limbs modulus = workspace.take<i64>(limb_count);
    const Limbs rest_f = workspace.take<i64>(limb_count);
    const Limbs rest_g = workspace.take<i64>(limb_count);
    // f = cofactor_f g and g = cofactor_g g modulo the modulus, up to the power of 2^62 that counts the batches.
    const Limbs cofactor_f = workspace.take<i64>(batches + limb_count);
    const Limbs cofactor_g = workspace.take<i64>(batches + limb_count);
    to_limbs(modulus, f);
    to_limbs(rest_g, g);
    if (!public_verdict((modulus[0] & 1) != 0)) return fail(KeygenRejection::not_coprime);
    std::copy(modulus.begin(), modulus.end(), rest_f.begin());
    std::fill(cofactor_f.begin(), cofactor_f.end(), 0);
    std::fill(cofactor_g.begin(), cofactor_g.end(), 0);
    cofactor_g[0] = 1;

    i64 twice_delta = 1;
    for (std::size_t batch = 0; batch < batches; ++batch) {
        const Transition t =
            divide_steps(twice_delta, static_cast<u64>(rest_f[0]), static_cast<u64>(rest_g[0]));
        apply_divided(t, rest_f, rest_g);
        apply_growing(t, cofactor_f.first(batch + 2), cofactor_g.first(batch + 2));
    }
    i64 sign = 0;
    if (!is_unit(rest_f, sign)) return fail(KeygenRejection::not_coprime);

    const Transition minus_q{-sign * i64{q}, 0, 0, 0};
    apply_growing(minus_q, cofactor_f.first(batches + 2), cofactor_g.first(batches + 2));
    divide_by_radix_power(cofactor_f, modulus);
    to_digits(big_f, cofactor_f.subspan(batches, limb_count));
    if (!balance(big_f, big_f)) return fail(KeygenRejection::coefficient_overflow);
    return {};
}

}  // namespace chat::falcon1024
