#include "quantcrypt/mlkem1024.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <cassert>
#include <new>
#include <utility>

#include "crypto/library_context.hpp"

namespace chat {
namespace {

constexpr const char* algorithm = "ML-KEM-1024";
constexpr std::size_t message_size = 32;  // m of FIPS 203, algorithm 17
constexpr u32 modulus = 3329;             // q of FIPS 203, 2.4
constexpr std::size_t rho_size = 32;      // the end of an encapsulation key; before it 12-bit coefficients

struct FreeKeyContext {
    void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
};

using KeyPtr = std::unique_ptr<EVP_PKEY, EvpKeyFree>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, FreeKeyContext>;

// On checked inputs these calls fail for want of memory only.
void ensure(int status) {
    if (status == 1) return;
    ERR_clear_error();
    throw std::bad_alloc{};
}

KeyContextPtr context_for(EVP_PKEY* key) {
    KeyContextPtr context{EVP_PKEY_CTX_new_from_pkey(library_context().get(), key, nullptr)};
    if (!context) throw std::bad_alloc{};
    return context;
}

/// ML-KEM.KeyGen_internal(d, z): OpenSSL's generation with the seed given. (Importing the seed instead would add a pairwise test
/// and take more than twice as long.)
KeyPtr key_from_seed(const MlKem1024Seed& seed) {
    const KeyContextPtr context{EVP_PKEY_CTX_new_from_name(library_context().get(), algorithm, nullptr)};
    if (!context) throw std::bad_alloc{};
    MlKem1024Seed copy = seed.clone();  // OSSL_PARAM has no way to say const
    std::array parameters = {
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_ML_KEM_SEED, copy.expose_mutable().data(),
                                          mlkem1024_seed_size),
        OSSL_PARAM_construct_end()};
    ensure(EVP_PKEY_keygen_init(context.get()));
    ensure(EVP_PKEY_CTX_set_params(context.get(), parameters.data()));
    EVP_PKEY* key = nullptr;
    ensure(EVP_PKEY_generate(context.get(), &key));
    return KeyPtr{key};
}

MlKem1024EncapsulationKey encapsulation_key_of(const EVP_PKEY* key) {
    MlKem1024EncapsulationKey out;
    std::size_t size = 0;
    ensure(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, out.bytes.data(), out.bytes.size(),
                                           &size));
    assert(size == out.bytes.size());
    return out;
}

}  // namespace

std::string_view describe(MlKemError error) {
    switch (error) {
        case MlKemError::bad_encapsulation_key_length: return "the ML-KEM-1024 public key has a wrong length";
        case MlKemError::bad_encapsulation_key: return "the ML-KEM-1024 public key fails the FIPS 203 check";
        case MlKemError::bad_ciphertext_length: return "the ML-KEM-1024 ciphertext has a wrong length";
        case MlKemError::bad_decapsulation_key_length:
            return "the ML-KEM-1024 private key has a wrong length";
        case MlKemError::bad_decapsulation_key: return "the ML-KEM-1024 private key fails the FIPS 203 check";
    }
    return "unknown";
}

void EvpKeyFree::operator()(evp_pkey_st* key) const noexcept { EVP_PKEY_free(key); }

MlKem1024DecapsulationKey MlKem1024DecapsulationKey::from_seed(const MlKem1024Seed& seed) {
    return MlKem1024DecapsulationKey{key_from_seed(seed)};
}

Result<MlKem1024DecapsulationKey, MlKemError> MlKem1024DecapsulationKey::from_expanded(ByteView expanded) {
    if (expanded.size() != mlkem1024_decapsulation_key_size)
        return fail(MlKemError::bad_decapsulation_key_length);
    KeyPtr key{EVP_PKEY_new_raw_private_key_ex(library_context().get(), algorithm, nullptr, expanded.data(),
                                               expanded.size())};
    if (!key) {
        ERR_clear_error();
        return fail(MlKemError::bad_decapsulation_key);
    }
    return MlKem1024DecapsulationKey{std::move(key)};
}

MlKem1024EncapsulationKey MlKem1024DecapsulationKey::encapsulation_key() const {
    return encapsulation_key_of(key_.get());
}

SecretBuffer MlKem1024DecapsulationKey::expanded() const {
    SecretBuffer out{mlkem1024_decapsulation_key_size};
    std::size_t size = 0;
    ensure(EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PRIV_KEY, out.expose_mutable().data(),
                                           out.size(), &size));
    assert(size == out.size());
    return out;
}

MlKem1024SharedSecret MlKem1024DecapsulationKey::decapsulate(const MlKem1024Ciphertext& ciphertext) const {
    const KeyContextPtr context = context_for(key_.get());
    ensure(EVP_PKEY_decapsulate_init(context.get(), nullptr));
    MlKem1024SharedSecret secret;
    std::size_t size = secret.size;
    ensure(EVP_PKEY_decapsulate(context.get(), secret.expose_mutable().data(), &size, ciphertext.bytes.data(),
                                ciphertext.bytes.size()));
    assert(size == secret.size);
    return secret;
}

namespace mlkem1024 {

MlKem1024KeyPair generate(Rng& rng) {
    MlKem1024KeyPair pair{rng.secret<MlKem1024Seed>(), {}};
    pair.encapsulation_key = encapsulation_key(pair.seed);
    return pair;
}

MlKem1024EncapsulationKey encapsulation_key(const MlKem1024Seed& seed) {
    return MlKem1024DecapsulationKey::from_seed(seed).encapsulation_key();
}

Result<MlKem1024EncapsulationKey, MlKemError> read_encapsulation_key(ByteView bytes) {
    if (bytes.size() != mlkem1024_encapsulation_key_size)
        return fail(MlKemError::bad_encapsulation_key_length);
    const auto key = MlKem1024EncapsulationKey::from(bytes.first<mlkem1024_encapsulation_key_size>());
    if (const auto checked = check_encapsulation_key(key); !checked) return fail(checked.error());
    return key;
}

Result<void, MlKemError> check_encapsulation_key(const MlKem1024EncapsulationKey& key) {
    // ByteEncode12(ByteDecode12(ek)) equals ek exactly when every coefficient is below q; two of them make three bytes.
    for (std::size_t i = 0; i + rho_size < key.bytes.size(); i += 3) {
        const u32 pair = key.bytes[i] | u32{key.bytes[i + 1]} << 8U | u32{key.bytes[i + 2]} << 16U;
        if ((pair & 0xFFFU) >= modulus || pair >> 12U >= modulus)
            return fail(MlKemError::bad_encapsulation_key);
    }
    return {};
}

Result<MlKem1024Ciphertext, MlKemError> read_ciphertext(ByteView bytes) {
    if (bytes.size() != mlkem1024_ciphertext_size) return fail(MlKemError::bad_ciphertext_length);
    return MlKem1024Ciphertext::from(bytes.first<mlkem1024_ciphertext_size>());
}

Result<MlKem1024Encapsulation, MlKemError> encapsulate(const MlKem1024EncapsulationKey& key, Rng& rng) {
    if (const auto checked = check_encapsulation_key(key); !checked) return fail(checked.error());
    const KeyPtr public_key{EVP_PKEY_new_raw_public_key_ex(library_context().get(), algorithm, nullptr,
                                                           key.bytes.data(), key.bytes.size())};
    if (!public_key) throw std::bad_alloc{};

    auto message = rng.secret<Secret<struct MlKem1024MessageTag, message_size>>();
    const std::array parameters = {
        OSSL_PARAM_construct_octet_string(OSSL_KEM_PARAM_IKME, message.expose_mutable().data(), message_size),
        OSSL_PARAM_construct_end()};
    const KeyContextPtr context = context_for(public_key.get());
    ensure(EVP_PKEY_encapsulate_init(context.get(), parameters.data()));
    MlKem1024Encapsulation out;
    std::size_t ciphertext_size = out.ciphertext.bytes.size();
    std::size_t secret_size = out.shared_secret.size;
    ensure(EVP_PKEY_encapsulate(context.get(), out.ciphertext.bytes.data(), &ciphertext_size,
                                out.shared_secret.expose_mutable().data(), &secret_size));
    assert(ciphertext_size == out.ciphertext.bytes.size() && secret_size == out.shared_secret.size);
    return out;
}

MlKem1024SharedSecret decapsulate(const MlKem1024Seed& seed, const MlKem1024Ciphertext& ciphertext) {
    return MlKem1024DecapsulationKey::from_seed(seed).decapsulate(ciphertext);
}

}  // namespace mlkem1024
}  // namespace chat
