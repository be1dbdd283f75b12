#pragma once
/// HKDF (RFC 5869) with SHA-256 and SHA-512. Callers pass Secret::expose() in and Secret::expose_mutable() out. An empty salt
/// stands for zeros of the hash's length (RFC 5869, 2.2). Intermediate keys are wiped. `out` may overlap the salt and the input
/// key material, not the info. An output has 1 byte to 255 times the hash's length; anything else is a bug and asserts.

#include <initializer_list>
#include <string_view>

#include "base/bytes.hpp"
#include "base/secret.hpp"

namespace chat {

using HkdfSha256Prk = Secret<struct HkdfSha256PrkTag, 32>;
using HkdfSha512Prk = Secret<struct HkdfSha512PrkTag, 64>;

/// Extract and expand. The input key material may come in several parts, joined without a copy.
void hkdf_sha256(ByteView salt, std::initializer_list<ByteView> ikm, ByteView info, MutableByteView out);
void hkdf_sha512(ByteView salt, std::initializer_list<ByteView> ikm, ByteView info, MutableByteView out);

inline void hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, MutableByteView out) {
    hkdf_sha256(salt, std::initializer_list<ByteView>{ikm}, info, out);
}

inline void hkdf_sha512(ByteView salt, ByteView ikm, ByteView info, MutableByteView out) {
    hkdf_sha512(salt, std::initializer_list<ByteView>{ikm}, info, out);
}

inline void hkdf_sha256(ByteView salt, ByteView ikm, std::string_view info, MutableByteView out) {
    hkdf_sha256(salt, ikm, bytes_of(info), out);
}

inline void hkdf_sha512(ByteView salt, ByteView ikm, std::string_view info, MutableByteView out) {
    hkdf_sha512(salt, ikm, bytes_of(info), out);
}

inline void hkdf_sha256(ByteView salt, std::initializer_list<ByteView> ikm, std::string_view info,
                        MutableByteView out) {
    hkdf_sha256(salt, ikm, bytes_of(info), out);
}

inline void hkdf_sha512(ByteView salt, std::initializer_list<ByteView> ikm, std::string_view info,
                        MutableByteView out) {
    hkdf_sha512(salt, ikm, bytes_of(info), out);
}

/// The two halves, for one extraction that is expanded under several labels.
[[nodiscard]] HkdfSha256Prk hkdf_extract_sha256(ByteView salt, std::initializer_list<ByteView> ikm);
[[nodiscard]] HkdfSha512Prk hkdf_extract_sha512(ByteView salt, std::initializer_list<ByteView> ikm);

/// Expansion of a pseudorandom key; any secret of at least the hash's length that is already uniform is one (RFC 5869, 3.3).
void hkdf_expand_sha256(ByteView prk, ByteView info, MutableByteView out);
void hkdf_expand_sha512(ByteView prk, ByteView info, MutableByteView out);

inline void hkdf_expand_sha256(ByteView prk, std::string_view info, MutableByteView out) {
    hkdf_expand_sha256(prk, bytes_of(info), out);
}

inline void hkdf_expand_sha512(ByteView prk, std::string_view info, MutableByteView out) {
    hkdf_expand_sha512(prk, bytes_of(info), out);
}

}  // namespace chat
