#pragma once
/// FALCON-1024 key generation (specification, 3.8): f and g from a discrete Gaussian, F and G from the NTRU equation.

#include <array>
#include <stdexcept>

#include "crypto/shake.hpp"
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
    std::array<u16, PrivateBasis::degree> h{};  ///< public polynomial g/f mod q, coefficients in 0..12288
};

/// Draws from `source`, which has absorbed the seed, until a basis is found; f G - g F = q has then been verified exactly.
/// The number of attempts depends on the seed. Throws KeygenExhausted after a fixed number of them, std::bad_alloc.
[[nodiscard]] GeneratedKey generate_basis(Shake256& source);

}  // namespace chat::falcon1024
