#pragma once
/// The encodings of keys (specification, 3.11.3 to 3.11.5). Strict: every key has one encoding.

#include "quantcrypt/falcon1024/error.hpp"
#include "quantcrypt/falcon1024/ntt.hpp"
#include "quantcrypt/falcon1024/private_basis.hpp"

namespace chat::falcon1024 {

/// header 0x0A | 1024 coefficients of 14 bits, big-endian bit order. `h` has coefficients in [0, q).
void encode_public_key(std::span<u8, public_key_size> out, RingView h);
/// bad_public_key_length, bad_public_key_header, public_key_out_of_range.
[[nodiscard]] Result<RingElement, FalconError> decode_public_key(ByteView encoded);

/// header 0x5A | f, g at 5 bits | F at 8 bits, two's complement, big-endian bit order. Constant-time. The
/// basis must be one of key generation: coefficients of f and g in -15..15.
void encode_secret_key(std::span<u8, secret_key_size> out, const PrivateBasis& basis);
/// G is recomputed, f G - g F = q is checked over the integers, and key generation's bounds on f and g.
/// Constant-time but for the verdict: bad_secret_key_length, bad_secret_key_header, secret_key_out_of_range,
/// secret_key_not_a_basis, secret_key_too_long.
[[nodiscard]] Result<PrivateBasis, FalconError> decode_secret_key(ByteView encoded);

}  // namespace chat::falcon1024
