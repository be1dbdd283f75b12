#include "quantcrypt/falcon1024/conditioning.hpp"

#include <algorithm>
#include <numeric>

namespace chat::falcon1024 {
namespace {

double largest(RealView values) { return *std::max_element(values.begin(), values.end()); }
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

double level_gain(RealView f, RealView g) {
    const double mean_f = mean(f);
    const double mean_g = mean(g);
    double sum = 0.0;
    for (std::size_t k = 0; k < f.size(); ++k) {
        const double norm = f[k] + g[k];
        sum += (mean_f * f[k] + mean_g * g[k]) / (norm * norm);
    }
    return sum / static_cast<double>(f.size());
}

}  // namespace

double squared_noise_gain(RealView f_values, RealView g_values, KeygenWorkspace& workspace) {
    const KeygenWorkspace::Scope scope{workspace};
    MutableRealView f = workspace.take<double>(f_values.size() / 2);
    MutableRealView g = workspace.take<double>(g_values.size() / 2);
    square_magnitudes(f, f_values);
    square_magnitudes(g, g_values);
    double worst = level_gain(f, g);
    while (f.size() > 1) {
        square_magnitudes_of_norm(f);
        square_magnitudes_of_norm(g);
        f = f.first(f.size() / 2);
        g = g.first(g.size() / 2);
        // Only ratios matter, and they would soon leave the range of a double.
        const double unit = 1.0 / std::max(largest(f), largest(g));
        scale(f, unit);
        scale(g, unit);
        worst = std::max(worst, level_gain(f, g));
    }
    return worst;
}

}  // namespace chat::falcon1024
