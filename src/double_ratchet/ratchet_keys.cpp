#include "double_ratchet/ratchet_keys.hpp"

namespace chat {

RatchetPair generate_ratchet_pair(Rng& rng) {
    x25519::KeyPair dh = x25519::generate(rng);
    return {std::move(dh), mlkem1024::generate(rng)};
}

}  // namespace chat
