#pragma once
/// What stands before the compressed value in a signature: header | nonce.

#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024 {

inline constexpr u8 signature_header = 0x30 + logn;
inline constexpr std::size_t signature_value_offset = 1 + nonce_size;

}  // namespace chat::falcon1024
