#include "crypto/system_rng.hpp"

#include <sodium.h>

#include "crypto/sodium.hpp"

namespace chat {

void SystemRng::fill(MutableByteView out) {
    ensure_sodium();
    randombytes_buf(out.data(), out.size());
}

}  // namespace chat
