#pragma once
/// How well Babai's reduction of NTRUSolve is conditioned for a pair (f, g).

#include "quantcrypt/falcon1024/fft.hpp"
#include "quantcrypt/falcon1024/keygen_workspace.hpp"

namespace chat::falcon1024 {

/// Bits by which the round-3 reference reduces at a time, in doubles of 53 bits.
inline constexpr unsigned reference_step_bits = 25;
/// The square of the largest noise gain that is accepted: 3/4 of 2^(53 - 25).
inline constexpr double max_squared_noise_gain =
    0.5625 * static_cast<double>(u64{1} << (2U * (53U - reference_step_bits)));

/// The noise gain of a level of the tower says how much larger than the relative error of F and G the absolute error of the quotient
/// (F f* + G g*) / (f f* + g g*) is: root mean square over the points, when the error at each point is that of the mean point. Takes the
/// squared magnitudes of f and g at the points and returns the gain's square; infinity or no number when f and g vanish at a point.
[[nodiscard]] double squared_noise_gain(RealView f, RealView g);

/// Whether the gain is within its bound at every level, given the values of f and g (fft.hpp).
///
/// Where a step's quotient has an error of about one, errors grow from step to step; the reference then fails and draws a new pair.
/// Solving such a pair is no harm, but would give other keys for the same seed. So they are rejected here too, before any work is
/// put into them. Where exactly the reference fails depends on its roundings: docs/falcon.md says how well this bound meets it.
[[nodiscard]] bool is_well_conditioned(RealView f_values, RealView g_values, KeygenWorkspace& workspace);

}  // namespace chat::falcon1024
