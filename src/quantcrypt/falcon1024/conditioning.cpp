#include "quantcrypt/falcon1024/conditioning.hpp"

#include <numeric>

#include "quantcrypt/falcon1024/keygen_verdict.hpp"
#include "quantcrypt/falcon1024/rounding.hpp"

namespace chat::falcon1024 {
namespace {

/// Branch-free, unlike std::max_element.
double larger(double a, double b) { return a > b ? a : b; }
double largest(RealView values) { return std::accumulate(values.begin(), values.end(), 0.0, larger); }
double mean(RealView values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void square_magnitudes(MutableRealView out, RealView values) {
    const std::size_t half = values.size() / 2;
    for (std::size_t k = 0; k < half; ++k) {
        out[k] = values[k] * values[k] + values[half + k] * values[half + k];
    }
}

/// From one level to the next: |f(w) f(-w)|^2, where the points w and -w are half the array apart.
void square_magnitudes_of_norm(MutableRealView values) {
    const std::size_t half = values.size() / 2;
    for (std::size_t k = 0; k < half; ++k) values[k] *= values[half + k];
}

/// Only ratios matter, and the magnitudes would soon leave the range of a double.
void normalise(MutableRealView f, MutableRealView g) {
    const double unit = 1.0 / larger(largest(f), largest(g));
    scale(f, unit);
    scale(g, unit);
}

}  // namespace

double squared_noise_gain(RealView f, RealView g) {
    const double mean_f = mean(f);
    const double mean_g = mean(g);
    double sum = 0.0;
    for (std::size_t k = 0; k < f.size(); ++k) {
        const double norm = f[k] + g[k];
        sum += (mean_f * f[k] + mean_g * g[k]) / (norm * norm);
    }
    return sum / static_cast<double>(f.size());
}

bool is_well_conditioned(RealView f_values, RealView g_values, KeygenWorkspace& workspace) {
    const KeygenWorkspace::Scope scope{workspace};
    MutableRealView f = workspace.take<double>(f_values.size() / 2);
    MutableRealView g = workspace.take<double>(g_values.size() / 2);
    square_magnitudes(f, f_values);
    square_magnitudes(g, g_values);
    u64 good = mask_below(squared_noise_gain(f, g), max_squared_noise_gain);
    while (f.size() > 1) {
        square_magnitudes_of_norm(f);
        square_magnitudes_of_norm(g);
        f = f.first(f.size() / 2);
        g = g.first(g.size() / 2);
        normalise(f, g);
        good &= mask_below(squared_noise_gain(f, g), max_squared_noise_gain);
    }
    return public_verdict(good != 0);
}

}  // namespace chat::falcon1024
