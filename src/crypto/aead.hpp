#pragma once
/// The three AEADs: ChaCha20-Poly1305 (RFC 8439), XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), AES-256-GCM (SP 800-38D).
/// Keys are borrowed as 32 bytes, so that each use keeps a Secret type of its own. Nonces must not repeat under a key: 12-byte
/// ones are counters or from fresh keys, 24-byte ones may be random.
///
/// seal and open may work in place: `out` may begin where the input begins; any other overlap is a bug. When open fails, `out` is
/// all zero and no byte of the unverified plaintext was handed out.

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/error.hpp"

namespace chat {

inline constexpr std::size_t aead_key_size = 32;
inline constexpr std::size_t aead_tag_size = 16;

using AeadKeyView = std::span<const u8, aead_key_size>;
using AeadTagView = std::span<const u8, aead_tag_size>;

struct ChaCha20Poly1305 {
    static constexpr std::size_t key_size = aead_key_size;
    static constexpr std::size_t nonce_size = 12;
    static constexpr std::size_t tag_size = aead_tag_size;
    using NonceView = std::span<const u8, nonce_size>;

    /// out = ciphertext | tag; out.size() must be plaintext.size() + 16.
    static void seal(AeadKeyView key, NonceView nonce, ByteView ad, ByteView plaintext, MutableByteView out);
    /// `sealed` = ciphertext | tag; out.size() must be sealed.size() - 16 (0 when sealed is shorter than a tag).
    /// CryptoError::ciphertext_too_short or bad_tag.
    [[nodiscard]] static Result<void, CryptoError> open(AeadKeyView key, NonceView nonce, ByteView ad,
                                                        ByteView sealed, MutableByteView out);
};

struct XChaCha20Poly1305 {
    static constexpr std::size_t key_size = aead_key_size;
    static constexpr std::size_t nonce_size = 24;
    static constexpr std::size_t tag_size = aead_tag_size;
    using NonceView = std::span<const u8, nonce_size>;

    /// As ChaCha20Poly1305.
    static void seal(AeadKeyView key, NonceView nonce, ByteView ad, ByteView plaintext, MutableByteView out);
    [[nodiscard]] static Result<void, CryptoError> open(AeadKeyView key, NonceView nonce, ByteView ad,
                                                        ByteView sealed, MutableByteView out);

    /// The tag apart from the ciphertext; `out` is as long as the input.
    static void seal_detached(AeadKeyView key, NonceView nonce, ByteView ad, ByteView plaintext,
                              MutableByteView out, std::span<u8, tag_size> tag);
    [[nodiscard]] static Result<void, CryptoError> open_detached(AeadKeyView key, NonceView nonce,
                                                                 ByteView ad, ByteView ciphertext,
                                                                 AeadTagView tag, MutableByteView out);
};

struct Aes256Gcm {
    static constexpr std::size_t key_size = aead_key_size;
    static constexpr std::size_t nonce_size = 12;
    static constexpr std::size_t tag_size = aead_tag_size;
    using NonceView = std::span<const u8, nonce_size>;

    /// As ChaCha20Poly1305.
    static void seal(AeadKeyView key, NonceView nonce, ByteView ad, ByteView plaintext, MutableByteView out);
    [[nodiscard]] static Result<void, CryptoError> open(AeadKeyView key, NonceView nonce, ByteView ad,
                                                        ByteView sealed, MutableByteView out);
};

}  // namespace chat
