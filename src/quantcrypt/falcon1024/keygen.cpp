#include "quantcrypt/falcon1024/keygen.hpp"

#include <algorithm>
#include <numeric>

#include "quantcrypt/falcon1024/conditioning.hpp"
#include "quantcrypt/falcon1024/gaussian.hpp"
#include "quantcrypt/falcon1024/ntru_solve.hpp"
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

/// One pair (f, g) after the other, all in the same memory.
class Attempt {
  public:
    explicit Attempt(const KeygenKernels& kernels)
        : kernels_{kernels},
          f_values_{workspace_.take<double>(n)},
          g_values_{workspace_.take<double>(n)},
          f_residues_{workspace_.take<u16>(n)} {}

    /// A broken source (sample_polynomial) counts as a long vector.
    Result<void, KeygenRejection> run(Shake256& source, GeneratedKey& key) {
        if (!sample_polynomial(key.basis.f(), source, kernels_, workspace_) ||
            !sample_polynomial(key.basis.g(), source, kernels_, workspace_)) {
            return fail(KeygenRejection::long_vector);
        }
        auto good = check_lengths(key.basis);
        if (good) good = derive_public(key);
        if (good) good = solve_ntru(key.basis, f_values_, g_values_, kernels_, workspace_);
        return good;
    }

  private:
    /// The cheap checks first: which comes when decides nothing but time.
    Result<void, KeygenRejection> check_lengths(const PrivateBasis& basis) {
        const Norm f = norm_of(basis.f());
        const Norm g = norm_of(basis.g());
        if (!f.in_range || !g.in_range) return fail(KeygenRejection::large_coefficient);
        if (f.squared + g.squared >= key_squared_norm_bound) return fail(KeygenRejection::long_vector);
        std::copy(basis.f().begin(), basis.f().end(), f_values_.begin());
        std::copy(basis.g().begin(), basis.g().end(), g_values_.begin());
        kernels_.fft(f_values_);
        kernels_.fft(g_values_);
        if (!(orthogonalised_norm(f_values_, g_values_) < key_orthogonalised_norm_bound)) {
            return fail(KeygenRejection::long_orthogonalised);
        }
        if (!(squared_noise_gain(f_values_, g_values_, workspace_) < max_squared_noise_gain)) {
            return fail(KeygenRejection::badly_conditioned);
        }
        return {};
    }

    /// h = g/f mod q.
    Result<void, KeygenRejection> derive_public(GeneratedKey& key) {
        const auto f = f_residues_.first<n>();
        reduce(f, key.basis.f());
        ntt(f);
        if (all_values_nonzero(f) == 0) return fail(KeygenRejection::not_invertible);
        reduce(key.h, key.basis.g());
        ntt(key.h);
        divide_values(key.h, f);
        inverse_ntt(key.h);
        return {};
    }

    const KeygenKernels& kernels_;
    KeygenWorkspace workspace_{ntru_workspace_size + n * (2 * sizeof(double) + sizeof(u16))};
    std::span<double> f_values_;
    std::span<double> g_values_;
    std::span<u16> f_residues_;
};

}  // namespace

GeneratedKey generate_basis(Shake256& source, Implementation implementation) {
    KeygenCounts counts;
    return generate_basis(source, implementation, most_keygen_attempts, counts);
}

GeneratedKey generate_basis(Shake256& source, Implementation implementation, unsigned most_attempts,
                            KeygenCounts& counts) {
    GeneratedKey key;
    Attempt attempt{keygen_kernels(implementation)};
    for (unsigned i = 0; i < most_attempts; ++i) {
        ++counts.attempts;
        const auto result = attempt.run(source, key);
        if (result) return key;
        ++counts.rejections[static_cast<std::size_t>(result.error())];
    }
    guarded_memory::wipe({reinterpret_cast<u8*>(key.h.data()), sizeof(key.h)});  // NOLINT
    throw KeygenExhausted{"FALCON key generation found no key: the source of randomness is broken"};
}

}  // namespace chat::falcon1024
