#include "quantcrypt/falcon1024/falcon1024.hpp"
#include "quantcrypt/falcon1024/key_codec.hpp"
#include "quantcrypt/falcon1024/keygen.hpp"

namespace chat::falcon1024 {

KeyPair generate_key_pair(const Seed& seed, Implementation implementation) {
    Shake256 source;
    source.absorb(seed.expose());
    GeneratedKey key = generate_basis(source, implementation);
    KeyPair out{{}, SecretKey{std::move(key.basis)}};
    encode_public_key(out.public_key.bytes, key.h);
    return out;
}

KeyPair generate_key_pair(Rng& rng, Implementation implementation) {
    return generate_key_pair(rng.secret<Seed>(), implementation);
}

}  // namespace chat::falcon1024
