#include "quantcrypt/falcon1024/keygen.hpp"

#include "quantcrypt/falcon1024/declassify.hpp"
#include "quantcrypt/falcon1024/gaussian.hpp"
#include "quantcrypt/falcon1024/keygen_checks.hpp"
#include "quantcrypt/falcon1024/ntru_solve.hpp"

namespace chat::falcon1024 {
namespace {

/// One pair (f, g) after the other, all in the same memory.
class Attempt {
  public:
    explicit Attempt(const KeygenKernels& kernels)
        : kernels_{kernels}, f_values_{workspace_.take<double>(n)}, g_values_{workspace_.take<double>(n)} {}

    Result<void, KeygenRejection> run(Shake256& source, GeneratedKey& key) {
        if (!sample_polynomial(key.basis.f(), source, kernels_, workspace_) ||
            !sample_polynomial(key.basis.g(), source, kernels_, workspace_)) {
            throw KeygenExhausted{"FALCON key generation: the source of randomness is stuck"};
        }
        auto good = check_lengths(key.basis, f_values_, g_values_, kernels_, workspace_);
        if (good) good = derive_public(key.h, key.basis, kernels_, workspace_);
        if (good) good = solve_ntru(key.basis, f_values_, g_values_, kernels_, workspace_);
        return good;
    }

  private:
    const KeygenKernels& kernels_;
    KeygenWorkspace workspace_{ntru_workspace_size + 2 * n * sizeof(double)};
    std::span<double> f_values_;
    std::span<double> g_values_;
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
        if (result) {
            declassify({reinterpret_cast<const u8*>(key.h.data()), sizeof(key.h)});  // NOLINT: the public key
            return key;
        }
        ++counts.rejections[static_cast<std::size_t>(result.error())];
    }
    guarded_memory::wipe({reinterpret_cast<u8*>(key.h.data()), sizeof(key.h)});  // NOLINT
    throw KeygenExhausted{"FALCON key generation found no key: the source of randomness is broken"};
}

}  // namespace chat::falcon1024
