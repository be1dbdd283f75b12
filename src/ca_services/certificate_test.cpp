#include "ca_services/certificate.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "support/seeded_rng.hpp"

namespace chat {
namespace {

using test::FailingRng;
using test::SeededRng;

constexpr WallTime now{std::chrono::seconds{1'800'000'000}};

ChannelCertificate make(u64 seed) {
    SeededRng rng{seed};
    return make_channel_certificate(rng, now);
}

Bytes bytes_of_der(const CertificateDer& der) { return {der.view().begin(), der.view().end()}; }

/// A self-signed certificate of another algorithm.
Bytes foreign_certificate(EVP_PKEY* raw_key) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{raw_key, EVP_PKEY_free};
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), X509_free};
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 60);
    X509_set_pubkey(certificate.get(), key.get());
    const EVP_MD* const hash = EVP_PKEY_is_a(key.get(), "EC") == 1 ? EVP_sha256() : nullptr;
    EXPECT_GT(X509_sign(certificate.get(), key.get(), hash), 0);
    Bytes der(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)));
    u8* out = der.data();
    i2d_X509(certificate.get(), &out);
    return der;
}

TEST(Certificate, HasWhatTheProtocolAsksFor) {
    const auto made = make(1);
    X509* const x509 = made.certificate();
    EXPECT_EQ(X509_get_version(x509), X509_VERSION_3);
    EXPECT_EQ(X509_get_signature_nid(x509), NID_ML_DSA_87);
    EXPECT_EQ(EVP_PKEY_is_a(X509_get0_pubkey(x509), "ML-DSA-87"), 1);
    EXPECT_EQ(EVP_PKEY_eq(X509_get0_pubkey(x509), made.private_key()), 1);
    EXPECT_EQ(X509_verify(x509, X509_get0_pubkey(x509)), 1);
    EXPECT_EQ(X509_get_key_usage(x509), static_cast<unsigned>(KU_DIGITAL_SIGNATURE));
    EXPECT_EQ(X509_get_extended_key_usage(x509), static_cast<unsigned>(XKU_SSL_SERVER | XKU_SSL_CLIENT));
    EXPECT_EQ(X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)), 0);
    EXPECT_EQ(X509_check_ca(x509), 0);

    constexpr std::time_t day = 24L * 60 * 60;
    std::time_t moment = now.time_since_epoch().count() - day;
    EXPECT_LT(X509_cmp_time(X509_get0_notBefore(x509), &moment), 1);
    moment -= 1;
    EXPECT_EQ(X509_cmp_time(X509_get0_notBefore(x509), &moment), 1);
    moment = now.time_since_epoch().count() + day;
    EXPECT_EQ(X509_cmp_time(X509_get0_notAfter(x509), &moment), -1);
    moment -= 1;
    EXPECT_EQ(X509_cmp_time(X509_get0_notAfter(x509), &moment), 1);
}

TEST(Certificate, FitsAndHasOneSize) {
    const std::size_t size = make(1).der().view().size();
    EXPECT_LE(size, max_certificate_size);
    for (u64 seed = 2; seed < 12; ++seed) EXPECT_EQ(make(seed).der().view().size(), size) << seed;
}

TEST(Certificate, SameRandomnessGivesTheSameCertificate) {
    EXPECT_EQ(make(1).der(), make(1).der());
    EXPECT_FALSE(make(1).der() == make(2).der());
}

TEST(Certificate, SerialSubjectAndKeyAreFresh) {
    const auto one = make(1);
    const auto two = make(2);
    EXPECT_NE(ASN1_INTEGER_cmp(X509_get0_serialNumber(one.certificate()),
                               X509_get0_serialNumber(two.certificate())),
              0);
    EXPECT_NE(
        X509_NAME_cmp(X509_get_subject_name(one.certificate()), X509_get_subject_name(two.certificate())), 0);
    EXPECT_EQ(EVP_PKEY_eq(one.private_key(), two.private_key()), 0);
}

TEST(Certificate, WithoutRandomnessThereIsNone) {
    SeededRng source{3};
    std::size_t failures = 0;
    for (std::size_t call = 1;; ++call) {
        FailingRng rng{source, call};
        try {
            static_cast<void>(make_channel_certificate(rng, now));
            break;
        } catch (const RngFailure&) {
            ++failures;
        }
    }
    EXPECT_EQ(failures, 4U);  // key, serial, subject, signature
}

TEST(Certificate, ReadsWhatItMade) {
    const auto made = make(1);
    const auto read = read_certificate(made.der().view());
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, made.der());
}

TEST(Certificate, TooLongIsRefused) {
    EXPECT_EQ(read_certificate(Bytes(max_certificate_size + 1, 0x30)).error(), CertificateError::too_long);
}

TEST(Certificate, AnythingButOneCertificateIsMalformed) {
    const Bytes der = bytes_of_der(make(1).der());
    EXPECT_EQ(read_certificate({}).error(), CertificateError::malformed);
    EXPECT_EQ(read_certificate(bytes_of("-----BEGIN CERTIFICATE-----")).error(), CertificateError::malformed);
    for (std::size_t size = 0; size < der.size(); size += 37) {
        EXPECT_EQ(read_certificate(ByteView{der}.first(size)).error(), CertificateError::malformed) << size;
    }
    Bytes trailing = der;
    trailing.push_back(0);
    EXPECT_EQ(read_certificate(trailing).error(), CertificateError::malformed);
}

TEST(Certificate, AnotherEncodingOfTheSameIsMalformed) {
    // The outer length in four bytes where DER wants three: BER, which OpenSSL reads as the same certificate.
    Bytes der = bytes_of_der(make(1).der());
    ASSERT_EQ(der[1], 0x82);
    der[1] = 0x83;
    der.insert(der.begin() + 2, 0);
    EXPECT_EQ(read_certificate(der).error(), CertificateError::malformed);
}

TEST(Certificate, OtherAlgorithmsAreRefused) {
    EXPECT_EQ(read_certificate(foreign_certificate(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"))).error(),
              CertificateError::wrong_algorithm);
    EXPECT_EQ(
        read_certificate(foreign_certificate(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"))).error(),
        CertificateError::wrong_algorithm);
    EXPECT_EQ(read_certificate(foreign_certificate(EVP_PKEY_Q_keygen(nullptr, nullptr, "ML-DSA-65"))).error(),
              CertificateError::wrong_algorithm);
}

TEST(Certificate, NoChangedByteGivesTheSameCertificate) {
    const auto made = make(1);
    const Bytes der = bytes_of_der(made.der());
    for (std::size_t i = 0; i < der.size(); i += i < 400 ? 1U : 31U) {
        Bytes changed = der;
        changed[i] ^= static_cast<u8>(1U << (i % 8));
        const auto read = read_certificate(changed);
        EXPECT_FALSE(read.has_value() && *read == made.der()) << i;
    }
}

TEST(Certificate, EveryErrorHasALineOfItsOwn) {
    EXPECT_NE(describe(CertificateError::too_long), describe(CertificateError::malformed));
    EXPECT_NE(describe(CertificateError::malformed), describe(CertificateError::wrong_algorithm));
    EXPECT_EQ(describe(static_cast<CertificateError>(200)), "unknown");
}

}  // namespace
}  // namespace chat
