#pragma once
/// How well Babai's reduction of NTRUSolve is conditioned for a pair (f, g).

#include "quantcrypt/falcon1024/fft.hpp"
#include "quantcrypt/falcon1024/keygen_workspace.hpp"

namespace chat::falcon1024 {

/// The square of the largest noise gain that is accepted, 2^27.5.
inline constexpr double max_squared_noise_gain = 36028797018963968.0;

/// The noise gain of a level of the tower says how much larger than the relative error of F and G the absolute error of the quotient
/// (F f* + G g*) / (f f* + g g*) is: root mean square over the points, when the error at each point is that of the mean point. The
/// round-3 reference reduces 25 bits at a time in doubles of 53 bits; it fails, and draws a new pair, when the gain exceeds about 2^27.5
/// at some level. Solving such a pair is no harm, but would give other keys for the same seed, so they are rejected here too, and before
/// any work is put into them.
///
/// Takes the values of f and g (fft.hpp) and returns the square of the largest gain of all levels.
[[nodiscard]] double squared_noise_gain(RealView f_values, RealView g_values, KeygenWorkspace& workspace);

}  // namespace chat::falcon1024
