#pragma once
/// The compressed form of a signature's s2 (specification, 3.11.2): for each coefficient a sign bit, the low
/// 7 bits of the magnitude, and the rest of it in unary, zeros ended by a one. All bits of the last byte that
/// are left over are zero.

#include <optional>

#include "quantcrypt/falcon1024/error.hpp"
#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024 {

/// Writes s2 to the front of `out` and returns how many bytes it took; nothing when it does not fit or a
/// magnitude is over 2047 (then `out` is untouched). s2 is about to be published, so this is not
/// constant-time.
[[nodiscard]] std::optional<std::size_t> compress(MutableByteView out, std::span<const i16, n> s2);

/// Reads s2 from the front of `in` and returns how many bytes it took. signature_minus_zero,
/// signature_out_of_range, signature_truncated, signature_trailing_data (a left-over bit of the last byte is
/// one).
[[nodiscard]] Result<std::size_t, FalconError> decompress(std::span<i16, n> s2, ByteView in);

}  // namespace chat::falcon1024
