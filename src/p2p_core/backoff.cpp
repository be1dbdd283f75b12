#include "p2p_core/backoff.hpp"

#include <algorithm>

namespace chat {

Duration Backoff::next(Rng& rng) {
    const Duration half = ceiling_ / 2;
    const auto spread = static_cast<u64>((ceiling_ - half).count());
    const Duration pause = half + Duration{static_cast<Duration::rep>(rng.below(spread + 1))};
    ceiling_ = ceiling_ > limits_.longest / 2 ? limits_.longest : ceiling_ * 2;
    return pause;
}

}  // namespace chat
