#pragma once
/// Number-theoretic transform over Z_q[x]/(x^n + 1), q = 12289, n = 1024. Constant-time: no data-dependent
/// branches, addresses or divisions, so that key generation and key decoding may use it on secrets.

#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024 {

using RingView = std::span<const u16, n>;
using MutableRingView = std::span<u16, n>;

/// out = the small signed polynomial modulo q.
void reduce(MutableRingView out, std::span<const i8, n> small);

/// In place, coefficients in [0, q) to values in [0, q). The order of the values is this file's own
/// (bit-reversed).
void ntt(MutableRingView f);
/// In place, the inverse of ntt().
void inverse_ntt(MutableRingView f);

/// a *= b, value by value.
void multiply_values(MutableRingView a, RingView b);
/// a *= 1/b, value by value; a value of b that is 0 (then b has no inverse in the ring) gives 0.
/// The inverse is b^(q-2), Fermat's, for constant time.
void divide_values(MutableRingView a, RingView b);
/// 0 when some value of a is zero, else 1, without branching on which: whether a is invertible in the ring.
[[nodiscard]] u32 all_values_nonzero(RingView a);

}  // namespace chat::falcon1024
