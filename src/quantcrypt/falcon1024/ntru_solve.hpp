#pragma once
/// NTRUSolve (specification, algorithm 6): short F, G with f G - g F = q.

#include "quantcrypt/falcon1024/fft.hpp"
#include "quantcrypt/falcon1024/keygen_kernels.hpp"
#include "quantcrypt/falcon1024/keygen_rejection.hpp"
#include "quantcrypt/falcon1024/keygen_workspace.hpp"
#include "quantcrypt/falcon1024/private_basis.hpp"

namespace chat::falcon1024 {

/// Guarded memory that solve_ntru() wants.
inline constexpr std::size_t ntru_workspace_size = std::size_t{148} * 1024;

/// Fills in F and G of `basis` from its f and g, whose values (fft.hpp) are given too; the pair is the one that Babai's reduction leaves, so
/// it is unique. Overflow is detected at each level. Constant-time up to where it fails. On failure F and G are meaningless.
[[nodiscard]] Result<void, KeygenRejection> solve_ntru(PrivateBasis& basis, RealView f_values,
                                                       RealView g_values, const KeygenKernels& kernels,
                                                       KeygenWorkspace& workspace);

/// Whether f G - g F = q, exactly, given |f|, |g| <= 31 and |F|, |G| <= 127.
[[nodiscard]] bool satisfies_ntru_equation(const PrivateBasis& basis, const KeygenKernels& kernels,
                                           KeygenWorkspace& workspace);

}  // namespace chat::falcon1024
