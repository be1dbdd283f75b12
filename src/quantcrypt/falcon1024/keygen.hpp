#pragma once
/// FALCON-1024 key generation (specification, 3.8): f and g from a discrete Gaussian, F and G from the NTRU equation.

#include <array>
#include <stdexcept>

#include "crypto/shake.hpp"
#include "quantcrypt/falcon1024/implementation.hpp"
#include "quantcrypt/falcon1024/keygen_rejection.hpp"
#include "quantcrypt/falcon1024/params.hpp"
#include "quantcrypt/falcon1024/private_basis.hpp"

namespace chat::falcon1024 {

/// The source gave no usable (f, g) within the bound on attempts. An honest source gets there with probability below
/// 2^-100, so this means a broken one, like an exhausted resource.
class KeygenExhausted : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct GeneratedKey {
    PrivateBasis basis;
    RingElement h{};  ///< public polynomial g/f mod q, coefficients in 0..12288
};

/// Draws from `source`, which has absorbed the seed, until a basis is found; f G - g F = q has then been verified exactly. The
/// number of attempts depends on the seed, the result not on the implementation. Throws KeygenExhausted after `most_keygen_attempts`
/// of them, std::bad_alloc.
[[nodiscard]] GeneratedKey generate_basis(Shake256& source,
                                          Implementation implementation = best_implementation());

/// About one pair in twenty gives a key (docs/falcon.md): so many all fail with probability below 2^-100.
inline constexpr unsigned most_keygen_attempts = 2000;

/// What became of the attempts of one generation; for tests and statistics.
struct KeygenCounts {
    unsigned attempts = 0;
    std::array<unsigned, keygen_rejection_count> rejections{};

    [[nodiscard]] unsigned rejected_for(KeygenRejection reason) const {
        return rejections[static_cast<std::size_t>(reason)];
    }
};
/// The same with a bound of the caller's, and what happened is added to `counts`.
[[nodiscard]] GeneratedKey generate_basis(Shake256& source, Implementation implementation,
                                          unsigned most_attempts, KeygenCounts& counts);

}  // namespace chat::falcon1024
