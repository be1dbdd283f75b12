#pragma once
/// The four short polynomials of a private key, with f G - g F = q in Z[x]/(x^n + 1).

#include "base/secret.hpp"
#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024 {

/// Owns f, g, F (big_f) and G (big_g), one signed byte a coefficient, in guarded memory. Zeroed at first; moves, never copies.
class PrivateBasis {
  public:
    using View = std::span<const i8, n>;
    using MutableView = std::span<i8, n>;

    PrivateBasis() : memory_{4 * n} {}

    [[nodiscard]] View f() const { return view(0); }
    [[nodiscard]] View g() const { return view(1); }
    [[nodiscard]] View big_f() const { return view(2); }
    [[nodiscard]] View big_g() const { return view(3); }
    [[nodiscard]] MutableView f_mutable() { return mutable_view(0); }
    [[nodiscard]] MutableView g_mutable() { return mutable_view(1); }
    [[nodiscard]] MutableView big_f_mutable() { return mutable_view(2); }
    [[nodiscard]] MutableView big_g_mutable() { return mutable_view(3); }

  private:
    // signed char may alias unsigned char
    [[nodiscard]] View view(std::size_t index) const {
        return View{reinterpret_cast<const i8*>(memory_.expose().data()) + index * n, n};
    }
    [[nodiscard]] MutableView mutable_view(std::size_t index) {
        return MutableView{reinterpret_cast<i8*>(memory_.expose_mutable().data()) + index * n, n};
    }
    SecretBuffer memory_;
};

}  // namespace chat::falcon1024
