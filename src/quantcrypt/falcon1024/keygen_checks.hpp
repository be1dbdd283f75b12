#pragma once
/// What a pair (f, g) must satisfy before NTRUSolve is tried (specification, algorithm 5): first what is cheap to find out.

#include "quantcrypt/falcon1024/fft.hpp"
#include "quantcrypt/falcon1024/keygen_kernels.hpp"
#include "quantcrypt/falcon1024/keygen_rejection.hpp"
#include "quantcrypt/falcon1024/keygen_workspace.hpp"
#include "quantcrypt/falcon1024/private_basis.hpp"

namespace chat::falcon1024 {

/// Looks at f and g of `basis` and leaves their values (fft.hpp). large_coefficient, long_vector (then without values),
/// long_orthogonalised, badly_conditioned.
[[nodiscard]] Result<void, KeygenRejection> check_lengths(const PrivateBasis& basis, MutableRealView f_values,
                                                          MutableRealView g_values,
                                                          const KeygenKernels& kernels,
                                                          KeygenWorkspace& workspace);

/// h = g/f mod q; until the key is accepted it is as secret as f. not_invertible.
[[nodiscard]] Result<void, KeygenRejection> derive_public(RingElement& h, const PrivateBasis& basis,
                                                          const KeygenKernels& kernels,
                                                          KeygenWorkspace& workspace);

}  // namespace chat::falcon1024
