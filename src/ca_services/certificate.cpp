#include "ca_services/certificate.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cassert>
#include <ctime>
#include <new>
#include <string>
#include <utility>

#include "base/secret.hpp"
#include "crypto/library_context.hpp"

namespace chat {

/// The one way from bytes to a CertificateDer.
class CertificateReader {
  public:
    static CertificateDer wrap(Bytes der) { return CertificateDer{std::move(der)}; }
};

namespace {

constexpr const char* algorithm = "ML-DSA-87";
constexpr std::size_t serial_size = 16;
constexpr std::size_t subject_size = 16;
constexpr std::size_t signing_randomness_size = 32;  // rnd of FIPS 204, algorithm 2

using KeySeed = Secret<struct MlDsa87SeedTag, 32>;  // xi of FIPS 204, algorithm 1
using SigningRandomness = Secret<struct MlDsa87SigningRandomnessTag, signing_randomness_size>;

template <auto F>
struct FreeBy {
    template <class T>
    void operator()(T* handle) const noexcept {
        F(handle);
    }
};

using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, FreeBy<EVP_PKEY_CTX_free>>;
using SignContextPtr = std::unique_ptr<EVP_MD_CTX, FreeBy<EVP_MD_CTX_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, FreeBy<BN_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreeBy<X509_EXTENSION_free>>;
using X509Ptr = std::unique_ptr<X509, FreeBy<X509_free>>;

// On inputs of our own these calls fail for want of memory only.
void ensure(bool ok) {
    if (ok) return;
    ERR_clear_error();
    throw std::bad_alloc{};
}

EVP_PKEY* generate_key(Rng& rng) {
    auto seed = rng.secret<KeySeed>();
    const KeyContextPtr context{EVP_PKEY_CTX_new_from_name(library_context().get(), algorithm, nullptr)};
    ensure(context != nullptr);
    std::array parameters = {OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_ML_DSA_SEED,
                                                               seed.expose_mutable().data(), KeySeed::size),
                             OSSL_PARAM_construct_end()};
    ensure(EVP_PKEY_keygen_init(context.get()) == 1);
    ensure(EVP_PKEY_CTX_set_params(context.get(), parameters.data()) == 1);
    EVP_PKEY* key = nullptr;
    ensure(EVP_PKEY_generate(context.get(), &key) == 1);
    return key;
}

/// Positive, and of one length always, so that every certificate has one size.
void set_serial(X509* certificate, Rng& rng) {
    std::array<u8, serial_size> serial{};
    rng.fill(serial);
    serial[0] = static_cast<u8>((serial[0] & 0x3FU) | 0x40U);
    const NumberPtr number{BN_bin2bn(serial.data(), serial_size, nullptr)};
    ensure(number != nullptr);
    ensure(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr);
}

void set_subject(X509* certificate, Rng& rng) {
    std::array<u8, subject_size> random{};
    rng.fill(random);
    const std::string name = to_hex(random);
    X509_NAME* const subject = X509_get_subject_name(certificate);
    ensure(X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_ASC, bytes_of(name).data(),
                                      static_cast<int>(name.size()), -1, 0) == 1);
    ensure(X509_set_issuer_name(certificate, subject) == 1);
}

void set_validity(X509* certificate, WallTime now) {
    auto today = static_cast<std::time_t>(now.time_since_epoch().count());
    ensure(X509_time_adj_ex(X509_getm_notBefore(certificate), -1, 0, &today) != nullptr);
    ensure(X509_time_adj_ex(X509_getm_notAfter(certificate), 1, 0, &today) != nullptr);
}

void add_extension(X509* certificate, int nid, const char* value) {
    const ExtensionPtr extension{X509V3_EXT_conf_nid(nullptr, nullptr, nid, value)};
    ensure(extension != nullptr);
    ensure(X509_add_ext(certificate, extension.get(), -1) == 1);
}

/// Hedged signing (FIPS 204, 3.4) whose randomness is the Rng's. OpenSSL calls that parameter "test entropy"; it is `rnd` of
/// algorithm 2, and given from a real source it is what the standard asks for.
void self_sign(X509* certificate, EVP_PKEY* key, Rng& rng) {
    auto randomness = rng.secret<SigningRandomness>();
    const std::array parameters = {
        OSSL_PARAM_construct_octet_string(OSSL_SIGNATURE_PARAM_TEST_ENTROPY,
                                          randomness.expose_mutable().data(), SigningRandomness::size),
        OSSL_PARAM_construct_end()};
    const SignContextPtr context{EVP_MD_CTX_new()};
    ensure(context != nullptr);
    ensure(EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, library_context().get(), nullptr, key,
                                 parameters.data()) == 1);
    ensure(X509_sign_ctx(certificate, context.get()) > 0);
}

Bytes encode(const X509* certificate) {
    const int size = i2d_X509(certificate, nullptr);
    ensure(size > 0);
    Bytes der(static_cast<std::size_t>(size));
    u8* out = der.data();
    ensure(i2d_X509(certificate, &out) == size);
    return der;
}

X509Ptr decode(ByteView der) {
    X509* certificate = X509_new_ex(library_context().get(), nullptr);
    ensure(certificate != nullptr);
    const u8* in = der.data();
    // Frees the certificate and clears the pointer when it fails.
    const bool read = d2i_X509(&certificate, &in, static_cast<long>(der.size())) != nullptr;
    X509Ptr out{read ? certificate : nullptr};
    ERR_clear_error();
    if (in != der.data() + der.size()) out.reset();
    return out;
}

bool is_ml_dsa_87(const X509* certificate) {
    const EVP_PKEY* const key = X509_get0_pubkey(certificate);
    ERR_clear_error();
    return key != nullptr && EVP_PKEY_is_a(key, algorithm) == 1 &&
           X509_get_signature_nid(certificate) == NID_ML_DSA_87;
}

}  // namespace

std::string_view describe(CertificateError error) {
    switch (error) {
        case CertificateError::too_long: return "the peer's certificate is too long";
        case CertificateError::malformed: return "the peer's certificate is not one X.509 certificate in DER";
        case CertificateError::wrong_algorithm: return "the peer's certificate is not of ML-DSA-87";
    }
    return "unknown";
}

Result<CertificateDer, CertificateError> read_certificate(ByteView der) {
    if (der.size() > max_certificate_size) return fail(CertificateError::too_long);
    const X509Ptr certificate = decode(der);
    if (!certificate) return fail(CertificateError::malformed);
    // TLS compares what it parsed and encoded again, so only the canonical encoding may become a pin.
    Bytes again = encode(certificate.get());
    if (!std::equal(again.begin(), again.end(), der.begin(), der.end())) {
        return fail(CertificateError::malformed);
    }
    if (!is_ml_dsa_87(certificate.get())) return fail(CertificateError::wrong_algorithm);
    return CertificateReader::wrap(std::move(again));
}

void ChannelCertificate::Free::operator()(evp_pkey_st* key) const noexcept { EVP_PKEY_free(key); }

void ChannelCertificate::Free::operator()(x509_st* certificate) const noexcept { X509_free(certificate); }

ChannelCertificate::ChannelCertificate(KeyPtr key, CertificatePtr certificate)
    : key_{std::move(key)}, certificate_{std::move(certificate)}, der_{encode(certificate_.get())} {
    assert(der_.view().size() <= max_certificate_size);
}

ChannelCertificate make_channel_certificate(Rng& rng, WallTime now) {
    ChannelCertificate::KeyPtr key{generate_key(rng)};
    ChannelCertificate::CertificatePtr certificate{X509_new_ex(library_context().get(), nullptr)};
    ensure(certificate != nullptr);
    ensure(X509_set_version(certificate.get(), X509_VERSION_3) == 1);
    set_serial(certificate.get(), rng);
    set_subject(certificate.get(), rng);
    set_validity(certificate.get(), now);
    ensure(X509_set_pubkey(certificate.get(), key.get()) == 1);
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature");
    add_extension(certificate.get(), NID_ext_key_usage, "serverAuth,clientAuth");
    self_sign(certificate.get(), key.get(), rng);
    return ChannelCertificate{std::move(key), std::move(certificate)};
}

}  // namespace chat
