#pragma once
/// Layout and key schedule of the three bootstrap frames, for both sides (docs/protocol.md 3). Internal to this room.
///
///     hello   nonce 24 | sealed(version 1 | X25519 32 | ML-KEM-1024 key 1568 | random 32) | tag 16                 = 1673
///     reply   nonce 24 | sealed(X25519 32 | ML-KEM-1024 ciphertext 1568 | sealed inner part 8208) | tag 16          = 9848
///     finish  sealed inner part: 8192 | tag 16                                                                      = 8208
///     inner   status 1 | certificate length 2 | certificate | zeros                                                 = 8192

#include <optional>

#include "base/result.hpp"
#include "base/roles.hpp"
#include "ca_services/bootstrap_listener.hpp"
#include "crypto/aead.hpp"
#include "crypto/hash.hpp"

namespace chat::bootstrap {

inline constexpr u8 version = 1;
inline constexpr std::size_t nonce_size = XChaCha20Poly1305::nonce_size;
inline constexpr std::size_t frame_overhead = nonce_size + aead_tag_size;
inline constexpr std::size_t hello_random_size = 32;
inline constexpr std::size_t inner_size = 8192;
inline constexpr std::size_t inner_header_size = 1 + 2;
inline constexpr std::size_t sealed_inner_size = inner_size + aead_tag_size;
inline constexpr std::size_t hello_plaintext_size =
    1 + x25519_size + mlkem1024_encapsulation_key_size + hello_random_size;
inline constexpr std::size_t reply_plaintext_size =
    x25519_size + mlkem1024_ciphertext_size + sealed_inner_size;
static_assert(hello_plaintext_size + frame_overhead == bootstrap_hello_size);
static_assert(reply_plaintext_size + frame_overhead == bootstrap_reply_size);
static_assert(sealed_inner_size == bootstrap_finish_size);
static_assert(max_certificate_size == inner_size - inner_header_size);

using HelloKey = Secret<struct HelloKeyTag, aead_key_size>;
using ReplyKey = Secret<struct ReplyKeyTag, aead_key_size>;
using ListenerCertificateKey = Secret<struct ListenerCertificateKeyTag, aead_key_size>;

/// Made once for a live secret, so that trying a hello costs one AEAD.
[[nodiscard]] HelloKey derive_hello_key(const PresharedSecret& psk, Role sender);
[[nodiscard]] Sha512Digest hash_hello(ByteView hello);
[[nodiscard]] ReplyKey derive_reply_key(const PresharedSecret& psk, Role sender, ByteView hello);

/// nonce | ciphertext | tag into `out`, which is plaintext.size() + frame_overhead bytes.
void seal_frame(AeadKeyView key, XChaCha20Poly1305::NonceView nonce, ByteView plaintext, MutableByteView out);
/// The reverse; unreadable. `out` is frame.size() - frame_overhead.
[[nodiscard]] Result<void, BootstrapError> open_frame(AeadKeyView key, ByteView frame, MutableByteView out);

/// What both sides know when the reply stands; ikm and salt of the new keys.
struct Agreement {
    const PresharedSecret& psk;
    const X25519SharedSecret& dh;
    const MlKem1024SharedSecret& kem;
    ByteView hello;
    ByteView reply_nonce;
    const X25519PublicKey& listener_dh;
    const MlKem1024Ciphertext& ciphertext;
};

struct NewKeys {
    ListenerCertificateKey from_listener;
    FinishCertificateKey from_dialler;
    BootstrapSecret secret;
};
[[nodiscard]] NewKeys derive_new_keys(const Agreement& agreement);

[[nodiscard]] BootstrapTranscript transcript_of(ByteView hello, ByteView reply, ByteView finish);

struct InnerPart {
    BootstrapStatus status{};
    std::optional<CertificateDer> certificate;  ///< with go_on, and only then
};

/// Seals an inner part of status and certificate (empty unless go_on) into sealed_inner_size bytes. A key seals one.
void seal_inner(AeadKeyView key, BootstrapStatus status, ByteView certificate, MutableByteView out);
/// unreadable, unknown_status, certificate_length, nonzero_padding or certificate_malformed.
[[nodiscard]] Result<InnerPart, BootstrapError> open_inner(AeadKeyView key, ByteView sealed);

}  // namespace chat::bootstrap
