#pragma once
/// The secret basis [[g, -f], [G, -F]] of a FALCON-1024 key pair (specification, 3.8.2), as small integer coefficients.

#include <array>
#include <cstdint>
#include <span>

#include "base/secret.hpp"

namespace chat::falcon1024 {

/// Four polynomials of degree < 1024 with coefficients in -127..127, in guarded memory that is wiped at the end. A new
/// basis is all zero; whoever fills one vouches that f G - g F = q.
class PrivateBasis {
  public:
    static constexpr std::size_t degree = 1024;
    using Polynomial = std::span<const std::int8_t, degree>;
    using MutablePolynomial = std::span<std::int8_t, degree>;

    [[nodiscard]] Polynomial f() const { return at(0); }
    [[nodiscard]] Polynomial g() const { return at(1); }
    [[nodiscard]] Polynomial capital_f() const { return at(2); }
    [[nodiscard]] Polynomial capital_g() const { return at(3); }
    [[nodiscard]] MutablePolynomial f() { return at(0); }
    [[nodiscard]] MutablePolynomial g() { return at(1); }
    [[nodiscard]] MutablePolynomial capital_f() { return at(2); }
    [[nodiscard]] MutablePolynomial capital_g() { return at(3); }

  private:
    // int8_t and u8 may stand for one another in memory.
    [[nodiscard]] Polynomial at(std::size_t index) const {
        const u8* start = coefficients_.expose().data() + index * degree;
        return Polynomial{reinterpret_cast<const std::int8_t*>(start), degree};  // NOLINT
    }
    [[nodiscard]] MutablePolynomial at(std::size_t index) {
        u8* start = coefficients_.expose_mutable().data() + index * degree;
        return MutablePolynomial{reinterpret_cast<std::int8_t*>(start), degree};  // NOLINT
    }

    Secret<struct PrivateBasisTag, 4 * degree> coefficients_;
};

}  // namespace chat::falcon1024
