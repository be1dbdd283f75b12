#include "quantcrypt/falcon1024/falcon1024.hpp"

#include "quantcrypt/falcon1024/key_codec.hpp"

namespace chat::falcon1024 {

Result<SecretKey, FalconError> SecretKey::decode(ByteView encoded) {
    auto basis = decode_secret_key(encoded);
    if (!basis) return fail(basis.error());
    return SecretKey{std::move(*basis)};
}

EncodedSecretKey SecretKey::encode() const {
    EncodedSecretKey out;
    encode_secret_key(out.expose_mutable(), basis_);
    return out;
}

}  // namespace chat::falcon1024
