#include "crypto/sodium.hpp"

#include <sodium.h>

#include <stdexcept>

namespace chat {

void ensure_sodium() {
    static const bool ready = sodium_init() >= 0;
    if (!ready) throw std::runtime_error{"libsodium does not start"};
}

}  // namespace chat
