#include "quantcrypt/falcon1024/keygen_checks.hpp"

#include <algorithm>

#include "quantcrypt/falcon1024/conditioning.hpp"
#include "quantcrypt/falcon1024/keygen_verdict.hpp"
#include "quantcrypt/falcon1024/ntt.hpp"

namespace chat::falcon1024 {
namespace {

constexpr int fg_limit = 1 << (fg_bits - 1);

struct Norm {
    u32 squared = 0;
    bool in_range = true;
};
Norm norm_of(PrivateBasis::Polynomial polynomial) {
    Norm out;
    u32 excess = 0;
    for (const i32 value : polynomial) {
        out.squared += static_cast<u32>(value * value);
        excess |= static_cast<u32>(fg_limit - 1 - value) | static_cast<u32>(value + fg_limit - 1);
    }
    out.in_range = excess >> 31U == 0;
    return out;
}

/// The squared norm of (q f*, q g*) / (f f* + g g*). By Parseval's equation a mean over the points, each standing for its conjugate too.
double orthogonalised_norm(RealView f_values, RealView g_values) {
    double sum = 0.0;
    for (std::size_t k = 0; k < n / 2; ++k) {
        const double norm = f_values[k] * f_values[k] + f_values[n / 2 + k] * f_values[n / 2 + k] +
                            g_values[k] * g_values[k] + g_values[n / 2 + k] * g_values[n / 2 + k];
        sum += 1.0 / norm;
    }
    return sum * (double{q} * double{q} / double{n / 2});
}

}  // namespace

Result<void, KeygenRejection> check_lengths(const PrivateBasis& basis, MutableRealView f_values,
                                            MutableRealView g_values, const KeygenKernels& kernels,
                                            KeygenWorkspace& workspace) {
    const Norm f = norm_of(basis.f());
    const Norm g = norm_of(basis.g());
    if (!public_verdict(f.in_range & g.in_range)) return fail(KeygenRejection::large_coefficient);
    if (!public_verdict(f.squared + g.squared < key_squared_norm_bound)) {
        return fail(KeygenRejection::long_vector);
    }
    std::copy(basis.f().begin(), basis.f().end(), f_values.begin());
    std::copy(basis.g().begin(), basis.g().end(), g_values.begin());
    kernels.fft(f_values);
    kernels.fft(g_values);
    if (!public_verdict(orthogonalised_norm(f_values, g_values) < key_orthogonalised_norm_bound)) {
        return fail(KeygenRejection::long_orthogonalised);
    }
    if (!is_well_conditioned(f_values, g_values, workspace)) {
        return fail(KeygenRejection::badly_conditioned);
    }
    return {};
}

Result<void, KeygenRejection> derive_public(RingElement& h, const PrivateBasis& basis,
                                            const KeygenKernels& kernels, KeygenWorkspace& workspace) {
    const KeygenWorkspace::Scope scope{workspace};
    const auto f = workspace.take<u16>(n).first<n>();
    reduce(f, basis.f());
    ntt(f);
    if (!public_verdict(all_values_nonzero(f) != 0)) return fail(KeygenRejection::not_invertible);
    reduce(h, basis.g());
    ntt(h);
    kernels.divide_values(h, f);
    inverse_ntt(h);
    return {};
}

}  // namespace chat::falcon1024
