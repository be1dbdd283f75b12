#pragma once
/// HashToPoint (specification, 3.7): SHAKE256(nonce | message) to a polynomial with coefficients uniform in
/// [0, q).

#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024 {

/// How often a 16-bit word is rejected shows in the time. It depends on nonce and message together: the nonce
/// is random and unknown to anyone until the signature leaves, and whoever then has the message, too, may
/// compute the same.
[[nodiscard]] RingElement hash_to_point(std::span<const u8, nonce_size> nonce, ByteView message);

}  // namespace chat::falcon1024
