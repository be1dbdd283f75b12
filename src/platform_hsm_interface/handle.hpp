#pragma once
/// The public records that name keys in a device (byte tables in docs/hardware.md). They come from a file that anybody may have
/// changed, so they are parsed like a peer's bytes: exact lengths, bounds, nothing left over.
///
/// Every handle begins: "SPHW" 4 | version u8 = 1 | HsmKind u8.

#include <optional>

#include "base/bytes.hpp"
#include "base/wire_reader.hpp"
#include "crypto/ecdsa_p384.hpp"
#include "platform_hsm_interface/hsm.hpp"

namespace chat {

/// What a handle begins with, if it is one.
[[nodiscard]] std::optional<HsmKind> handle_kind(ByteView handle);

/// The storage primary that the keys hang under, derived anew from the owner's seed each time.
enum class TpmParent : u8 {
    p256_aes128_sha256 = 1,
    p384_aes256_sha384 = 2,
};

struct TpmHandle {
    using Unique = PublicBytes<struct TpmUniqueTag, 32>;
    static constexpr std::size_t max_name_size = 50;  ///< algorithm 2 | SHA-384 48
    static constexpr std::size_t max_area_size = 1024;

    bool has_pin = false;
    TpmParent parent = TpmParent::p384_aes256_sha384;
    Unique unique;       ///< makes the primary this identity's own
    Bytes parent_name;   ///< TPM 2.0 part 1, 16: what tells this TPM from others
    Bytes public_area;   ///< TPM2B_PUBLIC of the co-signing key
    Bytes private_area;  ///< TPM2B_PRIVATE of the same: encrypted and authenticated by the primary

    bool operator==(const TpmHandle&) const = default;
};
[[nodiscard]] Bytes encode(const TpmHandle& handle);
[[nodiscard]] std::optional<TpmHandle> decode_tpm_handle(ByteView bytes);

/// A vault key that is sealed under the primary of a handle.
struct TpmSealedKey {
    Bytes public_area;
    Bytes private_area;

    bool operator==(const TpmSealedKey&) const = default;
};
[[nodiscard]] Bytes encode(const TpmSealedKey& key);
[[nodiscard]] std::optional<TpmSealedKey> decode_tpm_sealed_key(ByteView bytes);

/// How a token wraps the vault key.
enum class TokenWrap : u8 {
    aes_gcm = 1,       ///< CKM_AES_GCM; wrapped: IV 12 | ciphertext 32 | tag 16
    aes_key_wrap = 2,  ///< CKM_AES_KEY_WRAP (RFC 3394); wrapped: 40 bytes
};

struct TokenHandle {
    using Id = PublicBytes<struct TokenKeyIdTag, 16>;
    static constexpr std::size_t max_serial_size = 16;  ///< CK_TOKEN_INFO.serialNumber

    TokenWrap wrap = TokenWrap::aes_gcm;
    Id id;         ///< CKA_ID of the three objects
    Bytes serial;  ///< of the token, without padding
    EcdsaP384PublicKey co_signing_key;

    bool operator==(const TokenHandle&) const = default;
};
[[nodiscard]] Bytes encode(const TokenHandle& handle);
/// Also refuses a public key that is no point of the curve.
[[nodiscard]] std::optional<TokenHandle> decode_token_handle(ByteView bytes);

/// Windows' key store names keys by text; the names are made of the id.
struct CngHandle {
    using Id = PublicBytes<struct CngKeyIdTag, 16>;

    bool has_pin = false;
    Id id;
    EcdsaP384PublicKey co_signing_key;

    bool operator==(const CngHandle&) const = default;
};
[[nodiscard]] Bytes encode(const CngHandle& handle);
/// Also refuses a public key that is no point of the curve.
[[nodiscard]] std::optional<CngHandle> decode_cng_handle(ByteView bytes);

}  // namespace chat
