#pragma once
/// Base32 (RFC 4648, 6): upper-case alphabet, no padding. Strict: one text for one byte string. Time depends on lengths alone, and
/// the forms that write into the caller's memory leave nothing behind, since an invite's text is a secret.

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/error.hpp"

namespace chat {

/// Characters for `size` bytes.
[[nodiscard]] constexpr std::size_t base32_encoded_size(std::size_t size) { return (size * 8 + 4) / 5; }

/// Bytes in `length` characters, rounded down.
[[nodiscard]] constexpr std::size_t base32_decoded_size(std::size_t length) { return length * 5 / 8; }

/// out.size() must be base32_encoded_size(bytes.size()).
void base32_encode(ByteView bytes, std::span<char> out);
[[nodiscard]] std::string base32_encode(ByteView bytes);

/// out.size() must be base32_decoded_size(text.size()). CryptoError::bad_base32 for a character outside A-Z and 2-7, a length
/// that no byte string has, or trailing bits that are not zero; `out` is then all zero.
[[nodiscard]] Result<void, CryptoError> base32_decode(std::string_view text, MutableByteView out);
[[nodiscard]] Result<Bytes, CryptoError> base32_decode(std::string_view text);

}  // namespace chat
