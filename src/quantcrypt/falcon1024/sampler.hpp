#pragma once
/// SamplerZ (specification, 3.9.3): integers from a discrete Gaussian around a secret centre, constant-time
/// but for the number of rejections, which tells nothing (see below).

#include <algorithm>

#include "quantcrypt/falcon1024/chacha_stream.hpp"
#include "quantcrypt/falcon1024/wide_multiply.hpp"

namespace chat::falcon1024 {

/// 72 bits, in limbs of 24.
struct Limbs72 {
    std::array<u32, 3> limb;  ///< least significant first

    static constexpr Limbs72 of(u64 low, u32 high) {
        return {static_cast<u32>(low & 0xFFFFFFU), static_cast<u32>((low >> 24U) & 0xFFFFFFU),
                static_cast<u32>(low >> 48U) | (high << 16U)};
    }
};

inline constexpr std::size_t base_table_size = 24;

/// The reverse cumulative table of the half-Gaussian with sigma0 = 1.8205, scaled by 2^72; limb by limb, so
/// that vectors load whole rows; zeros at the end, which no draw is below.
struct BaseTable {
    alignas(32) std::array<std::array<u32, base_table_size>, 3> limb{};

    constexpr BaseTable() {
        struct Entry {
            u32 high;  ///< bits 64 to 71
            u64 low;
        };
        constexpr std::array<Entry, 18> entries{{{163, 17866957108348000258U},
                                                 {84, 15216282288489618306U},
                                                 {34, 9065130955956142591U},
                                                 {10, 15093043907930966756U},
                                                 {2, 10773855707238178671U},
                                                 {0, 8595902006365044063U},
                                                 {0, 1163297957344668388U},
                                                 {0, 117656387352093658U},
                                                 {0, 8867391802663976U},
                                                 {0, 496969357462633U},
                                                 {0, 20680885154299U},
                                                 {0, 638331848991U},
                                                 {0, 14602316184U},
                                                 {0, 247426747U},
                                                 {0, 3104126U},
                                                 {0, 28824U},
                                                 {0, 198U},
                                                 {0, 1U}}};
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const Limbs72 split = Limbs72::of(entries[i].low, entries[i].high);
            for (std::size_t j = 0; j < 3; ++j) limb[j][i] = split.limb[j];
        }
    }
};
inline constexpr BaseTable base_table;

/// Coefficients of exp(-x) on [0, ln 2), scaled by 2^63 (specification, 3.9.3, ApproxExp).
inline constexpr std::array<u64, 13> exp_coefficients{
    0x00000004741183A3, 0x00000036548CFC06, 0x0000024FDCBF140A, 0x0000171D939DE045, 0x0000D00CF58F6F84,
    0x000680681CF796E3, 0x002D82D8305B0FEA, 0x011111110E066FD0, 0x0555555555070F00, 0x155555555581FF00,
    0x400000000002B400, 0x7FFFFFFFFFFF4800, 0x8000000000000000};

/// floor(x) for |x| < 2^62, without branches.
inline i64 floor_to_integer(double x) {
    const i64 truncated = static_cast<i64>(x);
    return truncated - static_cast<i64>(x < static_cast<double>(truncated));
}

/// exp(-x) * scale * 2^63 for x in [0, ln 2) and scale in (0, 1).
inline u64 scaled_exp(double x, double scale) {
    constexpr double two_63 = 9223372036854775808.0;
    const u64 z = static_cast<u64>(static_cast<i64>(x * two_63)) << 1U;
    u64 y = exp_coefficients[0];
    for (std::size_t i = 1; i < exp_coefficients.size(); ++i) y = exp_coefficients[i] - multiply_high(z, y);
    return multiply_high(static_cast<u64>(static_cast<i64>(scale * two_63)) << 1U, y);
}

inline constexpr double inverse_2_sigma0_squared = 0.15086504887537272;

/// True with probability scale * exp(-x), x >= 0 (BerExp). Arch adds to chacha_stream.hpp declassify(u32),
/// which returns its argument and, under the constant-time test, marks it as public.
template <class Arch>
bool accept_exactly(ChaChaStream<Arch>& stream, double x, double scale) {
    constexpr double ln2 = 0.6931471805599453;
    constexpr double inverse_ln2 = 1.4426950408889634;
    const i64 shift = static_cast<i64>(x * inverse_ln2);
    const double r = x - static_cast<double>(shift) * ln2;
    // saturate at 63: the probability is below 2^-63 then, and a shift by 64 is undefined
    const u64 saturated = static_cast<u64>(shift | ((63 - shift) >> 63U)) & 63U;
    const u64 threshold = ((scaled_exp(r, scale) << 1U) - 1) >> saturated;
    for (unsigned position = 64; position > 0;) {
        position -= 8;
        const u32 difference = u32{stream.next_u8()} - static_cast<u32>((threshold >> position) & 0xFFU);
        // Public: the byte is uniform and independent of the threshold, so they are equal with probability
        // 1/256 whatever it is.
        if (Arch::declassify(difference == 0 ? 1 : 0) != 0) continue;
        // Public: scaled by ccs = sigma_min / sigma', a try is accepted with the same probability for every
        // centre and deviation up to a statistically invisible difference (specification, 3.9.3, and its
        // isochrony proof).
        return Arch::declassify(difference >> 31U) != 0;
    }
    return false;
}

/// What the tries of one draw have in common.
struct SampleTarget {
    i64 floor;
    double r;  ///< fractional part of the centre
    double inverse_2_variance;
    double scale;  ///< ccs: makes every centre and deviation accept equally often

    static SampleTarget of(double mu, double inverse_deviation) {
        const i64 floor = floor_to_integer(mu);
        // At sigma_min itself rounding could make it 1 or more, which scaled_exp can't represent.
        const double scale = std::min(inverse_deviation * sigma_min, 1.0 - 0x1p-53);
        return {floor, mu - static_cast<double>(floor), inverse_deviation * inverse_deviation * 0.5, scale};
    }
    /// The exponent of the rejection; offset is z0^2 / (2 sigma0^2).
    [[nodiscard]] double exponent(double z, double offset) const {
        const double distance = z - r;
        return distance * distance * inverse_2_variance - offset;
    }
};

/// Arch adds base_sample(Limbs72): how many entries of base_table are greater.
template <class Arch>
class Sampler {
  public:
    void seed(std::span<const u8, stream_seed_size> seed) { stream_.seed(seed); }

    /// An integer with centre mu and standard deviation 1 / inverse_deviation in [sigma_min, sigma_max].
    i64 sample(double mu, double inverse_deviation) {
        const SampleTarget target = SampleTarget::of(mu, inverse_deviation);
        while (true) {
            const u64 low = stream_.next_u64();
            const u32 high = stream_.next_u8();
            const i32 z0 = Arch::base_sample(Limbs72::of(low, high));
            const i32 b = stream_.next_u8() & 1;
            const i32 z = b + (2 * b - 1) * z0;
            const double offset = static_cast<double>(z0 * z0) * inverse_2_sigma0_squared;
            const double x = target.exponent(static_cast<double>(z), offset);
            if (accept_exactly(stream_, x, target.scale)) return target.floor + z;
        }
    }

  private:
    ChaChaStream<Arch> stream_;
};

}  // namespace chat::falcon1024
