#include "crypto/argon2id.hpp"

#include <sodium.h>

#include <cassert>

#include "crypto/sodium.hpp"

namespace chat {

static_assert(Argon2idSalt::size == crypto_pwhash_argon2id_SALTBYTES);

bool argon2id(ByteView passphrase, const Argon2idSalt& salt, Argon2idCost cost, MutableByteView out) {
    assert(cost.memory_kib >= 8 && cost.passes >= 1);
    assert(out.size() >= crypto_pwhash_argon2id_BYTES_MIN && out.size() <= 64);
    ensure_sodium();
    return crypto_pwhash_argon2id(out.data(), out.size(),
                                  reinterpret_cast<const char*>(passphrase.data()),  // NOLINT: bytes of it
                                  passphrase.size(), salt.bytes.data(), cost.passes,
                                  std::size_t{cost.memory_kib} * 1024,
                                  crypto_pwhash_argon2id_ALG_ARGON2ID13) == 0;
}

}  // namespace chat
