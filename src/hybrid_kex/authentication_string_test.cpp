#include "hybrid_kex/authentication_string.hpp"

#include <gtest/gtest.h>

#include "crypto/hkdf.hpp"
#include "crypto/info.hpp"
#include "support/seeded_rng.hpp"

namespace chat {
namespace {

TEST(AuthenticationString, IsFiveWordsApartBySpaces) {
    const AuthenticationString sas{{0xE5, 0x82, 0x94, 0xF2, 0xE9}};
    EXPECT_EQ(sas.text(), "topmost Istanbul Pluto vagabond treadmill");
    EXPECT_EQ(sas.words()[3], "vagabond");
}

TEST(AuthenticationString, IsTheHkdfOfSaltAndBothNonces) {
    test::SeededRng rng{1};
    const auto salt = rng.bytes<Sha512Digest>();
    const auto nonce_a = rng.secret<SasNonceA>();
    const auto nonce_b = rng.bytes<SasNonceB>();
    Bytes joined{nonce_a.expose().begin(), nonce_a.expose().end()};
    append(joined, nonce_b.bytes);
    AuthenticationString expected;
    hkdf_sha512(salt.bytes, joined, info::sas, expected.bytes);
    EXPECT_EQ(authentication_string(salt, nonce_a, nonce_b), expected);
}

TEST(AuthenticationString, DependsOnEveryInput) {
    test::SeededRng rng{2};
    const auto salt = rng.bytes<Sha512Digest>();
    const auto nonce_a = rng.secret<SasNonceA>();
    const auto nonce_b = rng.bytes<SasNonceB>();
    const AuthenticationString sas = authentication_string(salt, nonce_a, nonce_b);
    EXPECT_NE(authentication_string(rng.bytes<Sha512Digest>(), nonce_a, nonce_b), sas);
    EXPECT_NE(authentication_string(salt, rng.secret<SasNonceA>(), nonce_b), sas);
    EXPECT_NE(authentication_string(salt, nonce_a, rng.bytes<SasNonceB>()), sas);
}

TEST(SasCommitment, IsSha256OverLabelAndNonce) {
    test::SeededRng rng{3};
    const auto nonce = rng.secret<SasNonceA>();
    Bytes encoded{0, 0, 0, static_cast<u8>(info::sas_commitment.size())};
    append(encoded, bytes_of(info::sas_commitment));
    append(encoded, nonce.expose());
    EXPECT_EQ(commit(nonce).bytes, sha256(encoded).bytes);
    EXPECT_NE(commit(rng.secret<SasNonceA>()), commit(nonce));
}

}  // namespace
}  // namespace chat
