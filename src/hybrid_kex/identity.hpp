#pragma once
/// Who a peer is: four public keys and the composite signature by two of them (docs/protocol.md 1).

#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/roles.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/hash.hpp"
#include "crypto/x25519.hpp"
#include "quantcrypt/falcon1024/falcon1024.hpp"
#include "quantcrypt/mlkem1024.hpp"

namespace chat {

inline constexpr std::size_t identity_public_size =
    falcon1024::public_key_size + Ed25519PublicKey::size + x25519_size + mlkem1024_encapsulation_key_size;
inline constexpr std::size_t composite_signature_size =
    falcon1024::padded_signature_size + Ed25519Signature::size;
static_assert(identity_public_size == 3425 && composite_signature_size == 1344);

using IdentityPublicBytes = PublicBytes<struct IdentityPublicTag, identity_public_size>;
/// FALCON-1024 (padded, 1280 bytes) | Ed25519 (64 bytes); both sign the same bytes.
using CompositeSignature = PublicBytes<struct CompositeSignatureTag, composite_signature_size>;

enum class IdentityError : u8 {
    wrong_length,           ///< not 3425 bytes
    bad_falcon_key,         ///< the FALCON-1024 key is not in its one encoding
    bad_mlkem_key,          ///< the ML-KEM-1024 key fails the modulus check of FIPS 203, 7.2
    bad_falcon_signature,   ///< the FALCON-1024 half of a composite signature does not verify
    bad_ed25519_signature,  ///< the Ed25519 half does not verify, or the Ed25519 key is no point of full order
};
/// One line for the user.
[[nodiscard]] std::string_view describe(IdentityError error);

/// identity_public = FALCON-1024 1793 | Ed25519 32 | X25519 32 | ML-KEM-1024 1568. An object of this type holds keys in
/// valid encodings: decoded from a peer with all checks, or made by their owner.
class IdentityPublic {
  public:
    IdentityPublic(const falcon1024::PublicKey& falcon, const Ed25519PublicKey& ed25519,
                   const X25519PublicKey& x25519, const MlKem1024EncapsulationKey& mlkem);

    /// Exact length, canonical FALCON key, ML-KEM modulus check. Curve points are checked where they are used: Ed25519 when a
    /// signature is verified, X25519 by the all-zero check of its result. wrong_length, bad_falcon_key or bad_mlkem_key.
    [[nodiscard]] static Result<IdentityPublic, IdentityError> decode(ByteView bytes);

    [[nodiscard]] const IdentityPublicBytes& encoded() const { return bytes_; }
    [[nodiscard]] falcon1024::PublicKey falcon() const;
    [[nodiscard]] Ed25519PublicKey ed25519() const;
    [[nodiscard]] X25519PublicKey x25519() const;
    [[nodiscard]] MlKem1024EncapsulationKey mlkem() const;

    bool operator==(const IdentityPublic&) const = default;

  private:
    explicit IdentityPublic(const IdentityPublicBytes& bytes) : bytes_{bytes} {}

    IdentityPublicBytes bytes_;
};

/// First 32 bytes of H(label, identity_public).
[[nodiscard]] Fingerprint fingerprint(const IdentityPublic& identity);

/// Both halves must verify over `message`; the FALCON half is checked first. `message` is one of signed_message.hpp.
/// bad_falcon_signature or bad_ed25519_signature.
[[nodiscard]] Result<void, IdentityError> verify_composite(const IdentityPublic& signer, ByteView message,
                                                           const CompositeSignature& signature);

[[nodiscard]] CompositeSignature compose(const falcon1024::PaddedSignature& falcon,
                                         const Ed25519Signature& ed25519);

}  // namespace chat
