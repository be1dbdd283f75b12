#pragma once
/// Why something from outside was refused.

#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace chat::falcon1024 {

enum class FalconError : u8 {
    bad_public_key_length,    ///< not 1793 bytes
    bad_public_key_header,    ///< first byte is not 0x0A
    public_key_out_of_range,  ///< a coefficient of h is not below q
    bad_secret_key_length,    ///< not 2305 bytes
    bad_secret_key_header,    ///< first byte is not 0x5A
    secret_key_out_of_range,  ///< a coefficient of f, g or F is -2^(bits-1)
    secret_key_not_a_basis,   ///< no short G with f G - g F = q exists
    secret_key_too_long,      ///< a basis whose Gram-Schmidt norm is too large to sign with
    bad_signature_length,     ///< not 1280 bytes (padded), or over 1462 or under 41 (compressed)
    bad_signature_header,     ///< first byte is not 0x3A
    signature_minus_zero,     ///< a coefficient is written as minus zero
    signature_out_of_range,   ///< a coefficient's magnitude is over 2047
    signature_truncated,      ///< the bytes end before the last coefficient does
    signature_trailing_data,  ///< something else than the allowed zeros follows the last coefficient
    signature_not_valid,      ///< well-formed, but not a signature of this message by this key
};
/// One line for the user.
[[nodiscard]] std::string_view describe(FalconError error);

}  // namespace chat::falcon1024
