#pragma once
/// Continuous health tests of a noise source (SP 800-90B, 4.4), over samples of 8 bits.
///
/// The cut-offs follow from a claimed min-entropy H for each sample and a false-alarm probability alpha. The system's generator
/// should give 8 bits; 6 are claimed, so that a source that lost a quarter of its entropy in either way is caught. alpha is
/// 2^-40 for a source of exactly 6 bits, the careful end of the standard's range (2^-20 to 2^-40): at 10 kB of randomness a second a
/// source that is as good as it should be raises a false alarm about once in 200,000 years.

#include <array>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace chat {

enum class HealthAlarm : u8 {
    repetition_count,     ///< one value too many times in a row: the source is stuck
    adaptive_proportion,  ///< one value too often within a window: the source is biased
};
/// One line for the user.
[[nodiscard]] std::string_view describe(HealthAlarm alarm);

/// SP 800-90B, 4.4.2: the window for samples that are not binary.
inline constexpr unsigned adaptive_proportion_window = 512;

/// 2^-exponent.
[[nodiscard]] constexpr double negative_power_of_two(unsigned exponent) {
    double power = 1;
    for (unsigned i = 0; i < exponent; ++i) power /= 2;
    return power;
}

/// SP 800-90B, 4.4.1: C = 1 + ceil(-log2(alpha) / H), for alpha = 2^-alpha_exponent.
[[nodiscard]] constexpr unsigned repetition_count_cutoff(unsigned min_entropy, unsigned alpha_exponent) {
    return 1 + (alpha_exponent + min_entropy - 1) / min_entropy;
}

/// SP 800-90B, 4.4.2: C = 1 + CRITBINOM(W, 2^-H, 1 - alpha), so the least C with P(X >= C) <= alpha for X of the binomial
/// distribution. The tail is summed from its small end.
[[nodiscard]] constexpr unsigned adaptive_proportion_cutoff(unsigned min_entropy, unsigned alpha_exponent) {
    constexpr unsigned window = adaptive_proportion_window;
    const double p = negative_power_of_two(min_entropy);
    std::array<double, window + 1> probability{};
    probability[0] = 1;
    for (unsigned i = 0; i < window; ++i) probability[0] *= 1 - p;
    for (unsigned i = 0; i < window; ++i) {
        probability[i + 1] = probability[i] * (window - i) / (i + 1) * (p / (1 - p));
    }
    double tail = 0;
    for (unsigned cutoff = window; cutoff > 0; --cutoff) {
        tail += probability[cutoff];
        if (tail > negative_power_of_two(alpha_exponent)) return cutoff + 1;
    }
    return 1;
}

class RepetitionCountTest {
  public:
    explicit RepetitionCountTest(unsigned cutoff) : cutoff_{cutoff} {}

    /// False is an alarm.
    [[nodiscard]] bool accept(u8 sample) {
        run_ = run_ > 0 && sample == last_ ? run_ + 1 : 1;
        last_ = sample;
        return run_ < cutoff_;
    }

  private:
    unsigned cutoff_;
    unsigned run_ = 0;  ///< B in the standard
    u8 last_ = 0;       ///< A in the standard
};

class AdaptiveProportionTest {
  public:
    explicit AdaptiveProportionTest(unsigned cutoff) : cutoff_{cutoff} {}

    /// False is an alarm.
    [[nodiscard]] bool accept(u8 sample) {
        if (seen_ == 0) {
            watched_ = sample;
            count_ = 0;
        }
        if (sample == watched_) ++count_;
        seen_ = (seen_ + 1) % adaptive_proportion_window;
        return count_ < cutoff_;
    }

  private:
    unsigned cutoff_;
    unsigned seen_ = 0;   ///< samples of the present window
    unsigned count_ = 0;  ///< B in the standard
    u8 watched_ = 0;      ///< A in the standard: the window's first sample
};

/// Both tests with the cut-offs of this file's head.
class HealthTests {
  public:
    static constexpr unsigned claimed_min_entropy = 6;  ///< bits for each sample of 8
    static constexpr unsigned alpha_exponent = 40;
    static constexpr unsigned repetition_cutoff =
        repetition_count_cutoff(claimed_min_entropy, alpha_exponent);
    static constexpr unsigned proportion_cutoff =
        adaptive_proportion_cutoff(claimed_min_entropy, alpha_exponent);
    /// SP 800-90B, 4.3: at least 1,024 samples are tested before the first is used.
    static constexpr std::size_t start_up_samples = 1024;

    /// Tests every sample in order; the first alarm ends it.
    [[nodiscard]] Result<void, HealthAlarm> feed(ByteView samples);

  private:
    RepetitionCountTest repetition_{repetition_cutoff};
    AdaptiveProportionTest proportion_{proportion_cutoff};
};

}  // namespace chat
