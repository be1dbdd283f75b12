#include <algorithm>

#include "quantcrypt/falcon1024/falcon1024.hpp"
#include "quantcrypt/falcon1024/hash_to_point.hpp"
#include "quantcrypt/falcon1024/key_codec.hpp"
#include "quantcrypt/falcon1024/signature_codec.hpp"
#include "quantcrypt/falcon1024/signature_format.hpp"
#include "quantcrypt/falcon1024/verification_kernels.hpp"

namespace chat::falcon1024 {
namespace {

struct Decoded {
    std::span<const u8, nonce_size> nonce;
    std::array<i16, n> s2;
    ByteView after;  ///< what follows the value
};

Result<Decoded, FalconError> decode(ByteView signature) {
    if (signature[0] != signature_header) return fail(FalconError::bad_signature_header);
    Decoded out{signature.subspan<1, nonce_size>(), {}, {}};
    const ByteView value = signature.subspan(signature_value_offset);
    const auto used = decompress(out.s2, value);
    if (!used) return fail(used.error());
    out.after = value.subspan(*used);
    return out;
}

Result<void, FalconError> check(RingView prepared_h, Implementation implementation, ByteView message,
                                const Decoded& signature) {
    const RingElement c = hash_to_point(signature.nonce, message);
    const u64 norm = verification_kernels(implementation).squared_norm(prepared_h, c, signature.s2);
    if (norm > max_squared_norm) return fail(FalconError::signature_not_valid);
    return {};
}

}  // namespace

VerifyingKey::VerifyingKey(const RingElement& h, Implementation implementation)
    : h_ntt_{h}, implementation_{implementation} {
    verification_kernels(implementation).prepare(h_ntt_);
}

Result<VerifyingKey, FalconError> VerifyingKey::decode(ByteView encoded, Implementation implementation) {
    const auto h = decode_public_key(encoded);
    if (!h) return fail(h.error());
    return VerifyingKey{*h, implementation};
}

Result<void, FalconError> VerifyingKey::verify(ByteView message, const PaddedSignature& signature) const {
    const auto decoded = falcon1024::decode(signature.view());
    if (!decoded) return fail(decoded.error());
    const bool padded_with_zeros =
        std::all_of(decoded->after.begin(), decoded->after.end(), [](u8 byte) { return byte == 0; });
    if (!padded_with_zeros) return fail(FalconError::signature_trailing_data);
    return check(h_ntt_, implementation_, message, *decoded);
}

Result<void, FalconError> VerifyingKey::verify_compressed(ByteView message, ByteView signature) const {
    if (signature.size() < signature_value_offset || signature.size() > max_signature_size) {
        return fail(FalconError::bad_signature_length);
    }
    const auto decoded = falcon1024::decode(signature);
    if (!decoded) return fail(decoded.error());
    if (!decoded->after.empty()) return fail(FalconError::signature_trailing_data);
    return check(h_ntt_, implementation_, message, *decoded);
}

Result<void, FalconError> verify(const PublicKey& key, ByteView message, const PaddedSignature& signature) {
    const auto decoded = VerifyingKey::decode(key.view());
    if (!decoded) return fail(decoded.error());
    return decoded->verify(message, signature);
}

Result<void, FalconError> verify_compressed(const PublicKey& key, ByteView message, ByteView signature) {
    const auto decoded = VerifyingKey::decode(key.view());
    if (!decoded) return fail(decoded.error());
    return decoded->verify_compressed(message, signature);
}

}  // namespace chat::falcon1024
