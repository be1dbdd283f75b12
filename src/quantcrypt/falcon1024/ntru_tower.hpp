#pragma once
/// The deep levels of NTRUSolve: from f and g at depth 2 (degree 256) down to two integers, and back up with F.

#include "quantcrypt/falcon1024/digits.hpp"
#include "quantcrypt/falcon1024/keygen_kernels.hpp"
#include "quantcrypt/falcon1024/keygen_rejection.hpp"
#include "quantcrypt/falcon1024/keygen_workspace.hpp"

namespace chat::falcon1024 {

/// The depth, degree, and largest magnitude of a coefficient of f and g at which the tower begins.
inline constexpr unsigned tower_top = 2;
inline constexpr std::size_t tower_degree = n >> tower_top;
inline constexpr i64 tower_limit = i64{1} << 26U;

/// big_f = F, reduced by f, with f G - g F = q for some G, all in Z[x]/(x^256 + 1). f and g are within +-tower_limit.
[[nodiscard]] Result<void, KeygenRejection> solve_tower(std::span<i64, tower_degree> big_f,
                                                        std::span<const i64, tower_degree> f,
                                                        std::span<const i64, tower_degree> g,
                                                        const KeygenKernels& kernels,
                                                        KeygenWorkspace& workspace);

}  // namespace chat::falcon1024
