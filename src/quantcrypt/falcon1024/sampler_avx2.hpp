#pragma once
/// SamplerZ that judges four tries at once. Only *_avx2.cpp may include this.
///
/// A try takes 11 bytes of the stream (8 and 1 for the base sample, 1 for the sign, 1 to accept), more only
/// when the last byte equals the top byte of its threshold. So the tries of a whole block stand at known
/// places and are prepared together. To accept, only that top byte matters: a plain double approximation
/// tells it, save where the random byte lies within the error of it. That happens with probability 1/256
/// whatever the secrets are, and is then decided by the exact arithmetic. The integers that come out and the
/// bytes taken are those of Sampler, always.

#include <immintrin.h>

#include <bit>

#include "quantcrypt/falcon1024/sampler.hpp"

namespace chat::falcon1024 {

template <class Arch>
class LookaheadSampler {
  public:
    void seed(std::span<const u8, stream_seed_size> seed) {
        stream_.seed(seed);
        prepare();
    }

    i64 sample(double mu, double inverse_deviation) {
        const SampleTarget target = SampleTarget::of(mu, inverse_deviation);
        while (true) {
            const u32 limit = std::min<u32>(step, count_ - next_);
            const Verdicts verdicts = judge(target);
            const u32 end = u32{1} << limit;
            // Public, like the number of rejections (see accept_exactly): the first try that is not rejected
            // for certain.
            const u32 first =
                Arch::declassify(static_cast<u32>(std::countr_zero(verdicts.not_rejected | end)));
            next_ += first;
            if (first == limit) {
                if (next_ == count_) prepare_after(count_);
                continue;
            }
            const double z = z_.data()[next_];
            // Public: the random byte is uniform and independent of the threshold, so this has one
            // probability for all of them.
            if (Arch::declassify((verdicts.accepted >> first) & 1U) != 0) {
                ++next_;
                return target.floor + static_cast<i64>(z);
            }
            const double x = target.exponent(z, offset_.data()[next_]);
            stream_.set_position(byte_of_try(next_) + try_size - 1);
            const bool accepted = accept_exactly(stream_, x, target.scale);
            prepare();
            if (accepted) return target.floor + static_cast<i64>(z);
        }
    }

  private:
    static constexpr u32 step = 4;
    static constexpr std::size_t try_size = 11;
    /// Tries in a block, and room for a vector that begins at the last one.
    static constexpr std::size_t capacity = 52;

    struct Verdicts {
        u32 not_rejected;  ///< bit i: try next_ + i is accepted or undecided
        u32 accepted;
    };

    /// exp(-r) for |r| <= ln(2) / 2: Taylor's series to degree 11, relative error below 2^-46.
    static __m256d exp_of_minus(__m256d r) {
        const auto pair = [r](double low, double high) {
            return _mm256_fmadd_pd(r, _mm256_set1_pd(high), _mm256_set1_pd(low));
        };
        const __m256d r2 = _mm256_mul_pd(r, r);
        const __m256d r4 = _mm256_mul_pd(r2, r2);
        const __m256d r8 = _mm256_mul_pd(r4, r4);
        const __m256d first = _mm256_fmadd_pd(r2, pair(1.0 / 2, -1.0 / 6), pair(1.0, -1.0));
        const __m256d second = _mm256_fmadd_pd(r2, pair(1.0 / 720, -1.0 / 5040), pair(1.0 / 24, -1.0 / 120));
        const __m256d third =
            _mm256_fmadd_pd(r2, pair(1.0 / 3628800, -1.0 / 39916800), pair(1.0 / 40320, -1.0 / 362880));
        return _mm256_fmadd_pd(r8, third, _mm256_fmadd_pd(r4, second, first));
    }

    /// For tries next_ .. next_ + 3, with y = 2^8 scale exp(-x) up to an error below 2^-36: the exact
    /// threshold's top byte is floor(y), so a byte u accepts when u + 1 <= y and rejects when u >= y. Both
    /// are taken for certain only with a margin of 2^-30.
    [[nodiscard]] Verdicts judge(const SampleTarget& target) const {
        const __m256d distance = _mm256_sub_pd(_mm256_loadu_pd(z_.data() + next_), _mm256_set1_pd(target.r));
        const __m256d x =
            _mm256_fmsub_pd(_mm256_mul_pd(distance, distance), _mm256_set1_pd(target.inverse_2_variance),
                            _mm256_loadu_pd(offset_.data() + next_));
        // -x = k ln 2 - r with k the nearest integer, which then stands in the low bits of `shifted`
        const __m256d rounding = _mm256_set1_pd(6755399441055744.0);
        const __m256d shifted = _mm256_fmadd_pd(x, _mm256_set1_pd(-1.4426950408889634), rounding);
        const __m256d k = _mm256_sub_pd(shifted, rounding);
        const __m256d r = _mm256_fmadd_pd(k, _mm256_set1_pd(0.6931471805599453), x);
        const __m256d mantissa = _mm256_mul_pd(exp_of_minus(r), _mm256_set1_pd(256.0 * target.scale));
        const __m256i exponent = _mm256_slli_epi64(_mm256_castpd_si256(shifted), 52);
        const __m256d y = _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(mantissa), exponent));

        constexpr double margin = 0x1p-30;
        const __m256d byte = _mm256_loadu_pd(byte_.data() + next_);
        const __m256d not_rejected =
            _mm256_cmp_pd(_mm256_sub_pd(byte, _mm256_set1_pd(margin)), y, _CMP_LT_OQ);
        const __m256d accepted =
            _mm256_cmp_pd(_mm256_add_pd(byte, _mm256_set1_pd(1.0 + margin)), y, _CMP_LE_OQ);
        return {static_cast<u32>(_mm256_movemask_pd(not_rejected)),
                static_cast<u32>(_mm256_movemask_pd(accepted))};
    }

    /// Where in the block a try begins. Wraps below zero for one that began in the block before; its last
    /// byte has an index again.
    [[nodiscard]] std::size_t byte_of_try(u32 index) const { return start_ + try_size * index; }

    void prepare_after(u32 tries) {
        stream_.set_position(byte_of_try(tries));
        prepare();
    }

    /// Prepares all tries that lie whole in the block from the stream's position on; where a try would begin
    /// in the last ten bytes, the stream's own rules say what is dropped.
    void prepare() {
        constexpr std::size_t last_whole = stream_block_size - try_size;
        if (stream_.position() > last_whole + 1) stream_.refill();
        next_ = 0;
        if (stream_.position() > last_whole) {
            prepare_straddling();
        } else {
            start_ = stream_.position();
            count_ = static_cast<u32>((last_whole - stream_.position()) / try_size) + 1;
            const u8* bytes = stream_.block() + stream_.position();
            for (std::size_t i = 0; i < count_; ++i, bytes += try_size) {
                set_try(i, load_little_endian<u64>(bytes), bytes[8], bytes[9], bytes[10]);
            }
        }
        convert();
    }

    /// The one try whose last byte comes from the next block.
    void prepare_straddling() {
        const u64 low = stream_.next_u64();
        const u8 high = stream_.next_u8();
        const u8 sign = stream_.next_u8();
        start_ = 1 - try_size;  // wraps
        count_ = 1;
        set_try(0, low, high, sign, stream_.block()[0]);
    }

    void set_try(std::size_t i, u64 low, u32 high, u32 sign, u32 byte) {
        const i32 z0 = Arch::base_sample(Limbs72::of(low, high));
        const i32 b = static_cast<i32>(sign & 1U);
        integers_.data()[i] = {b + (2 * b - 1) * z0, z0 * z0, static_cast<i32>(byte)};
    }

    void convert() {
        for (std::size_t i = 0; i < count_; ++i) {
            z_.data()[i] = static_cast<double>(integers_.data()[i].z);
            offset_.data()[i] =
                static_cast<double>(integers_.data()[i].z0_squared) * inverse_2_sigma0_squared;
            byte_.data()[i] = static_cast<double>(integers_.data()[i].byte);
        }
    }

    struct Integers {
        i32 z;
        i32 z0_squared;
        i32 byte;
    };

    ChaChaStream<Arch> stream_;
    std::array<Integers, capacity> integers_;
    std::array<double, capacity> z_;
    std::array<double, capacity> offset_;
    std::array<double, capacity> byte_;
    u32 next_;
    u32 count_;
    std::size_t start_;  ///< where in the block try 0 begins, see byte_of_try()
};

}  // namespace chat::falcon1024
