#include "crypto/system_rng.hpp"

#include <sodium.h>

#include "crypto/sodium.hpp"

namespace chat {

void SystemRng::fill(MutableByteView out) {
    ensure_sodium();
    if (!out.empty()) randombytes_buf(out.data(), out.size());
}

}  // namespace chat
