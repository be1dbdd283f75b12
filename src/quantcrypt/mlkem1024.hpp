#pragma once
/// ML-KEM-1024 (FIPS 203). The arithmetic is OpenSSL's; this is its typed face. The long-term form of a private key is the seed
/// d || z in Secret memory; it is expanded (OpenSSL's ordinary, cleared-on-free memory) only for as long as an
/// MlKem1024DecapsulationKey lives. All randomness comes from the caller's Rng, so every operation can be replayed.

#include <memory>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/rng.hpp"
#include "base/secret.hpp"

struct evp_pkey_st;

namespace chat {

/// FIPS 203, table 3.
inline constexpr std::size_t mlkem1024_encapsulation_key_size = 1568;
inline constexpr std::size_t mlkem1024_decapsulation_key_size = 3168;
inline constexpr std::size_t mlkem1024_ciphertext_size = 1568;
inline constexpr std::size_t mlkem1024_shared_secret_size = 32;
inline constexpr std::size_t mlkem1024_seed_size = 64;

using MlKem1024EncapsulationKey =
    PublicBytes<struct MlKem1024EncapsulationKeyTag, mlkem1024_encapsulation_key_size>;
using MlKem1024Ciphertext = PublicBytes<struct MlKem1024CiphertextTag, mlkem1024_ciphertext_size>;
using MlKem1024Seed = Secret<struct MlKem1024SeedTag, mlkem1024_seed_size>;
using MlKem1024SharedSecret = Secret<struct MlKem1024SharedSecretTag, mlkem1024_shared_secret_size>;

enum class MlKemError : u8 {
    bad_encapsulation_key_length,  ///< not 1568 bytes
    bad_encapsulation_key,         ///< FIPS 203, 7.2: a coefficient is not below q
    bad_ciphertext_length,         ///< not 1568 bytes
    bad_decapsulation_key_length,  ///< not 3168 bytes
    bad_decapsulation_key,  ///< FIPS 203, 7.3: the hash inside does not match, or a coefficient is not below q
};
/// One line for the user.
[[nodiscard]] std::string_view describe(MlKemError error);

struct MlKem1024KeyPair {
    MlKem1024Seed seed;
    MlKem1024EncapsulationKey encapsulation_key;
};

struct MlKem1024Encapsulation {
    MlKem1024Ciphertext ciphertext;
    MlKem1024SharedSecret shared_secret;
};

struct EvpKeyFree {
    void operator()(evp_pkey_st* key) const noexcept;
};

/// A private key expanded for use; keep it no longer than the operations at hand. Movable.
class MlKem1024DecapsulationKey {
  public:
    /// ML-KEM.KeyGen_internal (FIPS 203, algorithm 16).
    [[nodiscard]] static MlKem1024DecapsulationKey from_seed(const MlKem1024Seed& seed);
    /// The expanded form of FIPS 203 with the checks of 7.3; the product keeps seeds, this is for vectors and foreign keys.
    /// bad_decapsulation_key_length or bad_decapsulation_key.
    [[nodiscard]] static Result<MlKem1024DecapsulationKey, MlKemError> from_expanded(ByteView expanded);

    [[nodiscard]] MlKem1024EncapsulationKey encapsulation_key() const;
    /// The expanded form, 3168 bytes.
    [[nodiscard]] SecretBuffer expanded() const;
    /// Never fails: a ciphertext that was not made for this key gives a secret that nobody knows (implicit rejection).
    [[nodiscard]] MlKem1024SharedSecret decapsulate(const MlKem1024Ciphertext& ciphertext) const;

  private:
    using Handle = std::unique_ptr<evp_pkey_st, EvpKeyFree>;
    explicit MlKem1024DecapsulationKey(Handle key) : key_{std::move(key)} {}
    Handle key_;
};

namespace mlkem1024 {

/// Draws 64 bytes from `rng`. Throws RngFailure.
[[nodiscard]] MlKem1024KeyPair generate(Rng& rng);

/// The encapsulation key that belongs to a seed.
[[nodiscard]] MlKem1024EncapsulationKey encapsulation_key(const MlKem1024Seed& seed);

/// Exact length and modulus check (FIPS 203, 7.2): bad_encapsulation_key_length or bad_encapsulation_key.
[[nodiscard]] Result<MlKem1024EncapsulationKey, MlKemError> read_encapsulation_key(ByteView bytes);
/// The modulus check alone, for a key that was read as a fixed-size field: bad_encapsulation_key.
[[nodiscard]] Result<void, MlKemError> check_encapsulation_key(const MlKem1024EncapsulationKey& key);
/// Exact length: bad_ciphertext_length.
[[nodiscard]] Result<MlKem1024Ciphertext, MlKemError> read_ciphertext(ByteView bytes);

/// Draws the 32 bytes m from `rng` (throws RngFailure). Checks the key first, before anything is drawn: bad_encapsulation_key.
[[nodiscard]] Result<MlKem1024Encapsulation, MlKemError> encapsulate(const MlKem1024EncapsulationKey& key,
                                                                     Rng& rng);

/// Expands the seed for this one operation. Implicit rejection as above.
[[nodiscard]] MlKem1024SharedSecret decapsulate(const MlKem1024Seed& seed,
                                                const MlKem1024Ciphertext& ciphertext);

}  // namespace mlkem1024
}  // namespace chat
