#pragma once
/// The discrete Gaussian that f and g are drawn from (specification, 3.8.1), standard deviation 1.17 sqrt(q / 2n).

#include <array>
#include <span>

#include "crypto/shake.hpp"
#include "quantcrypt/falcon1024/keygen_kernels.hpp"
#include "quantcrypt/falcon1024/keygen_workspace.hpp"

namespace chat::falcon1024 {

/// Cumulative table scaled by 2^63: entry 0 is P(x = 0), entry k is P(|x| > k given x != 0). The last one is 0 and left out.
inline constexpr std::array<u64, 26> gaussian_table{1283868770400643928,
                                                    6416574995475331444,
                                                    4078260278032692663,
                                                    2353523259288686585,
                                                    1227179971273316331,
                                                    575931623374121527,
                                                    242543240509105209,
                                                    91437049221049666,
                                                    30799446349977173,
                                                    9255276791179340,
                                                    2478152334826140,
                                                    590642893610164,
                                                    125206034929641,
                                                    23590435911403,
                                                    3948334035941,
                                                    586753615614,
                                                    77391054539,
                                                    9056793210,
                                                    940121950,
                                                    86539696,
                                                    7062824,
                                                    510971,
                                                    32764,
                                                    1862,
                                                    94,
                                                    4};

/// out[i] = the coefficient that draws[2i] (sign and whether it is zero) and draws[2i + 1] (magnitude) stand for; it is in
/// -26..26. Reads the whole table for each. Portable; keygen_kernels.hpp chooses.
void gaussian_coefficients(std::span<i8> out, std::span<const u64> draws);

/// Fills `out` from `source`, two little-endian 64-bit words for each coefficient, and draws the last coefficient again until
/// the sum of all is odd. False when that does not happen in 256 draws: then the source is not random.
[[nodiscard]] bool sample_polynomial(std::span<i8, n> out, Shake256& source, const KeygenKernels& kernels,
                                     KeygenWorkspace& workspace);

}  // namespace chat::falcon1024
