/// Peers that want something else than the policy, made with OpenSSL in the same process; tests/interop/tls has real ones.

#include <gtest/gtest.h>
#include <openssl/x509.h>

#include "support/raw_tls_peer.hpp"
#include "support/seeded_rng.hpp"
#include "support/tls13_tamper.hpp"
#include "tls_channel_manager/channel.hpp"

namespace chat {
namespace {

using test::RawTlsConfig;
using test::RawTlsPeer;
using test::SeededRng;
using Progress = TlsHandshake::Progress;

const TlsContext& policy() {
    static const TlsContext context;
    return context;
}

ChannelCertificate certificate(u64 seed) {
    SeededRng rng{seed};
    return make_channel_certificate(rng, WallTime{std::chrono::seconds{1'800'000'000}});
}

/// A self-signed certificate with a key of another kind.
struct ForeignCertificate {
    explicit ForeignCertificate(EVP_PKEY* made) : key{made, EVP_PKEY_free}, x509{X509_new(), X509_free} {
        X509_set_version(x509.get(), X509_VERSION_3);
        X509_gmtime_adj(X509_getm_notBefore(x509.get()), 0);
        X509_gmtime_adj(X509_getm_notAfter(x509.get()), 60);
        X509_set_pubkey(x509.get(), key.get());
        if (X509_sign(x509.get(), key.get(), EVP_sha256()) <= 0) throw std::runtime_error{"can't sign"};
    }
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key;
    std::unique_ptr<X509, decltype(&X509_free)> x509;
};

RawTlsConfig config_of(const ChannelCertificate& own) {
    RawTlsConfig config;
    config.certificate = own.certificate();
    config.key = own.private_key();
    return config;
}

/// Passes bytes until neither side has any; the verdict of ours.
Result<Progress, TlsError> meet(TlsHandshake& ours, RawTlsPeer& theirs) {
    Result<Progress, TlsError> progress = Progress::needs_input;
    for (int turn = 0; turn < 10 && progress; ++turn) {
        theirs.feed(ours.take_output());
        const Bytes answer = theirs.take_output();
        if (answer.empty() && turn > 0) break;
        EXPECT_TRUE(ours.handle_input(answer).has_value());
        progress = ours.advance();
    }
    theirs.feed(ours.take_output());
    return progress;
}

/// Our server, pinning certificate 1, against a client of this kind.
Result<Progress, TlsError> serve(const RawTlsConfig& config) {
    RawTlsPeer client{StreamSide::dialler, config};
    auto server = TlsHandshake::server(policy(), certificate(2), certificate(1).der());
    return meet(server, client);
}

/// Our client, pinning certificate 1, against a server of this kind.
Result<Progress, TlsError> dial(const RawTlsConfig& config) {
    RawTlsPeer server{StreamSide::listener, config};
    auto client = TlsHandshake::client(policy(), certificate(2), certificate(1).der());
    return meet(client, server);
}

TEST(TlsHostile, ControlTheRightPeerIsLetIn) {
    const auto right = certificate(1);
    for (const char* suite : {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}) {
        RawTlsConfig config = config_of(right);
        config.suites = suite;
        EXPECT_EQ(*serve(config), Progress::complete);
        EXPECT_EQ(*dial(config), Progress::complete);
    }
}

TEST(TlsHostile, AnotherCertificateIsRefused) {
    const auto wrong = certificate(3);
    EXPECT_EQ(serve(config_of(wrong)).error(), TlsError::wrong_certificate);
    EXPECT_EQ(dial(config_of(wrong)).error(), TlsError::wrong_certificate);
}

TEST(TlsHostile, OnesOwnCertificateIsRefused) {
    const auto reflected = certificate(2);
    EXPECT_EQ(serve(config_of(reflected)).error(), TlsError::wrong_certificate);
    EXPECT_EQ(dial(config_of(reflected)).error(), TlsError::wrong_certificate);
}

TEST(TlsHostile, RightCertificateWithOneMoreIsRefused) {
    const auto right = certificate(1);
    const ForeignCertificate more{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
    RawTlsConfig config = config_of(right);
    config.extra_certificate = more.x509.get();
    const auto served = serve(config);
    ASSERT_FALSE(served.has_value());
    EXPECT_EQ(served.error(), TlsError::wrong_certificate);
    EXPECT_EQ(dial(config).error(), TlsError::wrong_certificate);
}

TEST(TlsHostile, ClientWithoutCertificateIsRefused) {
    EXPECT_EQ(serve(RawTlsConfig{}).error(), TlsError::no_certificate);
}

TEST(TlsHostile, ServerThatDoesNotAskForACertificateIsRefused) {
    const auto right = certificate(1);
    RawTlsConfig config = config_of(right);
    config.verify_mode = SSL_VERIFY_NONE;
    EXPECT_EQ(dial(config).error(), TlsError::certificate_not_requested);
}

TEST(TlsHostile, ClassicalCertificatesAreRefused) {
    for (const char* kind : {"RSA", "EC"}) {
        const ForeignCertificate foreign{kind == std::string_view{"RSA"}
                                             ? EVP_RSA_gen(2048)
                                             : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384")};
        RawTlsConfig config;
        config.certificate = foreign.x509.get();
        config.key = foreign.key.get();
        config.signature_algorithms = "mldsa87:rsa_pss_rsae_sha256:ecdsa_secp384r1_sha384";
        // The client finds that it has no certificate for ML-DSA-87, the server that it can't sign.
        EXPECT_EQ(serve(config).error(), TlsError::no_certificate) << kind;
        EXPECT_EQ(dial(config).error(), TlsError::refused_by_peer) << kind;
    }
}

TEST(TlsHostile, OlderVersionsAreRefused) {
    const auto right = certificate(1);
    RawTlsConfig config = config_of(right);
    config.signature_algorithms = "mldsa87:ecdsa_secp384r1_sha384:rsa_pss_rsae_sha256";
    config.groups = "secp384r1:SecP384r1MLKEM1024";
    config.min_version = TLS1_2_VERSION;
    config.max_version = TLS1_2_VERSION;
    EXPECT_EQ(serve(config).error(), TlsError::wrong_version);
    EXPECT_EQ(dial(config).error(), TlsError::wrong_version);
}

TEST(TlsHostile, OtherGroupsAreRefused) {
    const auto right = certificate(1);
    for (const char* group : {"X25519MLKEM768", "SecP256r1MLKEM768", "secp384r1", "X25519", "MLKEM1024"}) {
        RawTlsConfig config = config_of(right);
        config.groups = group;
        EXPECT_EQ(serve(config).error(), TlsError::wrong_group) << group;
        EXPECT_EQ(dial(config).error(), TlsError::refused_by_peer) << group;
    }
}

TEST(TlsHostile, OtherSuitesAreRefused) {
    const auto right = certificate(1);
    for (const char* suite : {"TLS_AES_128_GCM_SHA256", "TLS_AES_128_CCM_SHA256"}) {
        RawTlsConfig config = config_of(right);
        config.suites = suite;
        EXPECT_EQ(serve(config).error(), TlsError::wrong_suite) << suite;
        EXPECT_EQ(dial(config).error(), TlsError::refused_by_peer) << suite;
    }
}

TEST(TlsHostile, ClientThatVerifiesNoMlDsa87IsRefused) {
    const auto right = certificate(1);
    RawTlsConfig config = config_of(right);
    config.signature_algorithms = "mldsa65";
    EXPECT_EQ(serve(config).error(), TlsError::wrong_signature_algorithm);
}

TEST(TlsHostile, SmallerFragmentsAreRefused) {
    const auto right = certificate(1);
    RawTlsConfig config = config_of(right);
    config.max_fragment_mode = TLSEXT_max_fragment_length_512;
    EXPECT_EQ(serve(config).error(), TlsError::handshake_failed);
}

TEST(TlsHostile, PinnedCertificateWithoutItsKeyIsRefused) {
    const auto right = certificate(1);
    RawTlsConfig config = config_of(right);
    config.suites = "TLS_CHACHA20_POLY1305_SHA256";
    RawTlsPeer server{StreamSide::listener, config};
    auto client = TlsHandshake::client(policy(), certificate(2), right.der());
    server.feed(client.take_output());
    const Bytes flight = test::with_bad_certificate_verify(server.take_output(), server.key_log());
    ASSERT_TRUE(client.handle_input(flight).has_value());
    EXPECT_EQ(client.advance().error(), TlsError::bad_signature);
}

TEST(TlsHostile, WhatIsNoTlsIsCalledThat) {
    for (const char* noise :
         {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "\x10\x20\x30\x40\x50\x60"}) {
        auto server = TlsHandshake::server(policy(), certificate(2), certificate(1).der());
        ASSERT_TRUE(server.handle_input(bytes_of(noise)).has_value());
        EXPECT_EQ(server.advance().error(), TlsError::not_tls) << noise;
        EXPECT_EQ(server.advance().error(), TlsError::not_tls);
    }
}

TEST(TlsHostile, TicketsAreRefused) {
    const auto right = certificate(1);
    RawTlsConfig config = config_of(right);
    config.tickets = 1;
    RawTlsPeer server{StreamSide::listener, config};
    auto handshake = TlsHandshake::client(policy(), certificate(2), right.der());
    ASSERT_TRUE(meet(handshake, server).has_value());
    auto client = std::move(handshake).into_channel();
    ASSERT_TRUE(client.handle_input(server.take_output()).has_value());
    EXPECT_EQ(client.read().error(), TlsError::unexpected_message);
}

TEST(TlsHostile, KeyUpdatesAreAnsweredWithinTheirBound) {
    const auto right = certificate(1);
    RawTlsPeer server{StreamSide::listener, config_of(right)};
    auto handshake = TlsHandshake::client(policy(), certificate(2), right.der());
    ASSERT_TRUE(meet(handshake, server).has_value());
    auto client = std::move(handshake).into_channel();
    for (u64 i = 0; i < policy().limits().key_update_allowance; ++i) {
        ASSERT_EQ(SSL_key_update(server.ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
        server.write(Bytes(10, 1));
        ASSERT_TRUE(client.handle_input(server.take_output()).has_value());
        EXPECT_EQ(**client.read(), Bytes(10, 1));
        ASSERT_TRUE(client.write(Bytes(10, 2)).has_value());
        server.feed(client.take_output());
        EXPECT_EQ(server.read(), Bytes(10, 2));
    }
    ASSERT_EQ(SSL_key_update(server.ssl(), SSL_KEY_UPDATE_NOT_REQUESTED), 1);
    server.write(Bytes(10, 1));
    ASSERT_TRUE(client.handle_input(server.take_output()).has_value());
    EXPECT_EQ(client.read().error(), TlsError::too_many_key_updates);
}

TEST(TlsHostile, ChangedBytesOfAHandshakeNeverEndInAConnection) {
    const auto finishes = [](std::size_t flight, std::size_t at) {
        auto a = certificate(1);
        auto b = certificate(2);
        const CertificateDer pin_a = a.der();
        const CertificateDer pin_b = b.der();
        auto client = TlsHandshake::client(policy(), std::move(a), pin_b);
        auto server = TlsHandshake::server(policy(), std::move(b), pin_a);
        std::array ends = {&server, &client, &server};
        std::array starts = {&client, &server, &client};
        Result<Progress, TlsError> progress = Progress::needs_input;
        for (std::size_t i = 0; i < ends.size() && progress; ++i) {
            Bytes bytes = starts[i]->take_output();
            if (i == flight) bytes[at % bytes.size()] ^= static_cast<u8>(1U << (at % 8));
            EXPECT_TRUE(ends[i]->handle_input(bytes).has_value());
            progress = ends[i]->advance();
        }
        return progress.has_value() && *progress == Progress::complete;
    };
    // From 5 on: nobody authenticates the header of a record that is not encrypted.
    for (std::size_t at = 5; at < 1700; at += 131) EXPECT_FALSE(finishes(0, at)) << at;
    for (std::size_t at = 5; at < 14000; at += 1009) EXPECT_FALSE(finishes(1, at)) << at;
    for (std::size_t at = 5; at < 12000; at += 997) EXPECT_FALSE(finishes(2, at)) << at;
}

}  // namespace
}  // namespace chat
