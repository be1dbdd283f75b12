#pragma once
/// Vaults for tests: fresh identities, and files whose checksum is right whatever was changed in them.

#include "crypto/hash.hpp"
#include "secure_key_manager/vault.hpp"

namespace chat::test {

struct FreshIdentity {
    IdentitySecrets secrets;
    falcon1024::PublicKey falcon_public;
};

inline FreshIdentity fresh_identity(Rng& rng) {
    falcon1024::KeyPair falcon = falcon1024::generate_key_pair(rng);
    return {{std::move(falcon.secret_key), ed25519::generate(rng).private_key,
             x25519::generate(rng).private_key, mlkem1024::generate(rng).seed},
            falcon.public_key};
}

/// Replaces the last 32 bytes by the hash of what is before them.
inline void mend_hash(Bytes& file) {
    const auto hash = sha256(ByteView{file}.first(file.size() - Sha256Digest::size));
    std::copy(hash.bytes.begin(), hash.bytes.end(),
              file.end() - static_cast<std::ptrdiff_t>(hash.bytes.size()));
}

}  // namespace chat::test
