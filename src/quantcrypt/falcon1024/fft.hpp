#pragma once
/// Negacyclic FFT in double precision over R[x]/(x^N + 1), N = 2^k, 2 <= N <= 1024 (portable; the AVX2 one
/// gives the same bits).
///
/// A transformed polynomial has N/2 complex values: f at the points w_N[k] = exp(i pi (1 + 4k) / N), k = 0 ..
/// N/2 - 1; the values at the conjugate points follow from f being real. Layout: the N/2 real parts, then the
/// N/2 imaginary parts, k rising in both. Since w_N[k + N/4] = -w_N[k] and w_N[k]^2 = w_(N/2)[k], splitting
/// into even and odd parts pairs index k with k + N/4 and needs no shuffles.
///
/// Sizes come from the spans, which must agree. No data-dependent branches or addresses.

#include <span>

#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024 {

using RealView = std::span<const double>;
using MutableRealView = std::span<double>;

/// In place, coefficients (constant term first) to values.
void fft(MutableRealView f);
/// In place, values to coefficients; inverse_fft(fft(f)) = f up to rounding.
void inverse_fft(MutableRealView f);

/// a += b, a -= b, a *= scale; in either form.
void add(MutableRealView a, RealView b);
void subtract(MutableRealView a, RealView b);
void scale(MutableRealView a, double factor);

// The following take and give values (transformed polynomials). adj(b) is b(1/x): the complex conjugate of
// each value.
/// a *= b.
void multiply(MutableRealView a, RealView b);
/// a *= adj(b).
void multiply_adjoint(MutableRealView a, RealView b);
/// a /= b; b must not have a value near 0.
void divide(MutableRealView a, RealView b);
/// a = adj(a).
void adjoint(MutableRealView a);
/// out[k] = 1 / (|a[k]|^2 + |b[k]|^2), a self-adjoint polynomial: only its N/2 real parts are written. out
/// has N/2 entries.
void inverse_norm(MutableRealView out, RealView a, RealView b);
/// a *= the self-adjoint polynomial with real parts `b` (N/2 entries).
void multiply_self_adjoint(MutableRealView a, RealView b);

/// f(x) = even(x^2) + x odd(x^2); even and odd have half the size of f and must not overlap it.
void split(MutableRealView even, MutableRealView odd, RealView f);
/// The inverse of split.
void merge(MutableRealView f, RealView even, RealView odd);

}  // namespace chat::falcon1024
