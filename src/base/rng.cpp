#include "base/rng.hpp"

#include <cassert>
#include <limits>

namespace chat {

u64 Rng::below(u64 bound) {
    assert(bound > 0);
    const u64 limit = std::numeric_limits<u64>::max() - std::numeric_limits<u64>::max() % bound;
    for (;;) {
        std::array<u8, 8> raw{};
        fill(raw);
        u64 draw = 0;
        for (u8 byte : raw) draw = (draw << 8U) | byte;
        if (draw < limit) return draw % bound;
    }
}

}  // namespace chat
