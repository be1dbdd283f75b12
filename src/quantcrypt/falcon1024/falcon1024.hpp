#pragma once
/// FALCON-1024 signatures (round 3, FALCON specification v1.2; docs/falcon.md). The public face of this
/// folder.
///
///     public key            1793 bytes
///     secret key            2305 bytes encoded, or the 48-byte seed it was generated from
///     padded signature      1280 bytes, always
///     compressed signature  about 1271 bytes, at most 1462
///
/// Secret parts live in guarded memory. Every call that draws randomness takes an Rng and throws RngFailure
/// when that does; nothing has changed then. Signing is constant-time in the key; verification and the
/// decoding of public things are not.

#include <stdexcept>

#include "base/rng.hpp"
#include "base/secret.hpp"
#include "quantcrypt/falcon1024/error.hpp"
#include "quantcrypt/falcon1024/implementation.hpp"
#include "quantcrypt/falcon1024/params.hpp"
#include "quantcrypt/falcon1024/private_basis.hpp"

namespace chat::falcon1024 {

using PublicKey = PublicBytes<struct PublicKeyTag, public_key_size>;
using PaddedSignature = PublicBytes<struct PaddedSignatureTag, padded_signature_size>;
using Seed = Secret<struct SeedTag, seed_size>;
using EncodedSecretKey = Secret<struct EncodedSecretKeyTag, secret_key_size>;

/// header 0x3A | nonce 40 | compressed s2, without padding.
struct CompressedSignature {
    Bytes bytes;
};

/// A private key, decoded and checked. Signs one message now and then ("dynamic"); for many see
/// ExpandedSigningKey.
class SecretKey {
  public:
    /// Strict and constant-time in the coefficients: bad_secret_key_length, bad_secret_key_header,
    /// secret_key_out_of_range, secret_key_not_a_basis, secret_key_too_long.
    [[nodiscard]] static Result<SecretKey, FalconError> decode(ByteView encoded);
    /// header 0x5A | f, g at 5 bits a coefficient | F at 8 bits.
    [[nodiscard]] EncodedSecretKey encode() const;

    /// `basis` must come from key generation.
    explicit SecretKey(PrivateBasis basis) : basis_{std::move(basis)} {}
    [[nodiscard]] const PrivateBasis& basis() const { return basis_; }

  private:
    PrivateBasis basis_;
};

struct KeyPair {
    PublicKey public_key;
    SecretKey secret_key;
};

/// The key pair that belongs to `seed`, the same everywhere. Takes some milliseconds; throws KeygenExhausted
/// (keygen.hpp) for a seed without a key, which nobody will ever see. The seed is the short form of the
/// secret key.
[[nodiscard]] KeyPair generate_key_pair(const Seed& seed,
                                        Implementation implementation = best_implementation());
/// Draws 48 bytes from `rng`.
[[nodiscard]] KeyPair generate_key_pair(Rng& rng, Implementation implementation = best_implementation());

/// A private key with its FFT basis and LDL tree, for many signatures by one key: 162 KiB of guarded memory,
/// with the scratch space of signing, so that a signature allocates nothing of size. One signature at a time;
/// moves, never copies.
class ExpandedSigningKey {
  public:
    explicit ExpandedSigningKey(const SecretKey& key, Implementation implementation = best_implementation());
    [[nodiscard]] Implementation implementation() const { return implementation_; }
    /// For the signing functions of this folder: FFT basis, tree and scratch (signing_core.hpp).
    [[nodiscard]] std::span<double> expose_mutable();

  private:
    SecretBuffer memory_;
    Implementation implementation_;
};

/// A hundred tries gave no signature: the source of randomness is broken (an honest one gets there with
/// probability below 2^-500), and nothing may go on without it.
class SigningExhausted : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Each signature draws a nonce (40 bytes) and a sampler seed (48 bytes) from `rng`; about one in a thousand
/// does not fit into 1280 bytes, and that is made again with new draws. `key` changes only in its scratch
/// space. Throws SigningExhausted.
[[nodiscard]] PaddedSignature sign_padded(ExpandedSigningKey& key, ByteView message, Rng& rng);
[[nodiscard]] CompressedSignature sign_compressed(ExpandedSigningKey& key, ByteView message, Rng& rng);
/// The same signatures from the key's short form, slower: the tree is computed on the way.
[[nodiscard]] PaddedSignature sign_padded(const SecretKey& key, ByteView message, Rng& rng,
                                          Implementation implementation = best_implementation());
[[nodiscard]] CompressedSignature sign_compressed(const SecretKey& key, ByteView message, Rng& rng,
                                                  Implementation implementation = best_implementation());

/// A public key, decoded and transformed, for many verifications. Public data: copies freely.
class VerifyingKey {
  public:
    /// bad_public_key_length, bad_public_key_header, public_key_out_of_range.
    [[nodiscard]] static Result<VerifyingKey, FalconError> decode(
        ByteView encoded, Implementation implementation = best_implementation());

    /// Fails with a signature_* error, or bad_signature_header; signature_not_valid means well-formed but
    /// wrong.
    [[nodiscard]] Result<void, FalconError> verify(ByteView message, const PaddedSignature& signature) const;
    /// As above, and bad_signature_length. `signature` is the compressed form, of any length.
    [[nodiscard]] Result<void, FalconError> verify_compressed(ByteView message, ByteView signature) const;

  private:
    VerifyingKey(const RingElement& h, Implementation implementation);
    RingElement h_ntt_;  ///< in the order and scaling of the implementation's transform
    Implementation implementation_;
};

/// decode(key) and verify in one; for a single signature by a key. Fails as both do.
[[nodiscard]] Result<void, FalconError> verify(const PublicKey& key, ByteView message,
                                               const PaddedSignature& signature);
[[nodiscard]] Result<void, FalconError> verify_compressed(const PublicKey& key, ByteView message,
                                                          ByteView signature);

}  // namespace chat::falcon1024
