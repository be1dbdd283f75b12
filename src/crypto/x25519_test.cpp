#include "crypto/x25519.hpp"

#include <gtest/gtest.h>

#include "support/seeded_rng.hpp"
#include "support/wycheproof.hpp"

namespace chat {
namespace {

TEST(X25519, GivesThePublishedSecretsAndRefusesSmallOrder) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/crypto/x25519.vec")) {
        const auto secret =
            x25519::agree(block.get<X25519PrivateKey>("private"), block.get<X25519PublicKey>("public"));
        if (block.text("expect") == "ok") {
            ASSERT_TRUE(secret) << block.text("public");
            EXPECT_EQ(to_hex(secret->expose()), block.text("shared"));
        } else {
            ASSERT_EQ(block.text("expect"), "all_zero_shared_secret");
            ASSERT_FALSE(secret) << block.text("public");
            EXPECT_EQ(secret.error(), CryptoError::all_zero_shared_secret);
        }
    }
}

// RFC 7748, 5.2: k and u start as the base point; each round the result becomes k and the old k becomes u.
std::string iterate(int rounds) {
    std::array<u8, x25519_size> k{9};
    std::array<u8, x25519_size> u{9};
    for (int i = 0; i < rounds; ++i) {
        const auto result = x25519::agree(X25519PrivateKey::copy_of(k), X25519PublicKey::from(u));
        if (!result) return "all zero";
        u = k;
        std::copy(result->expose().begin(), result->expose().end(), k.begin());
    }
    return to_hex(k);
}

TEST(X25519, IteratesAsTheRfcDoes) {
    EXPECT_EQ(iterate(1), "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    EXPECT_EQ(iterate(1000), "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

TEST(X25519, DerivesThePublicKeysOfTheRfc) {
    const auto blocks = test::read_vec_file(TEST_VECTORS "/crypto/x25519.vec");
    const auto& alice = blocks.at(2);
    const auto& bob = blocks.at(3);
    EXPECT_EQ(x25519::public_key(alice.get<X25519PrivateKey>("private")), bob.get<X25519PublicKey>("public"));
    EXPECT_EQ(x25519::public_key(bob.get<X25519PrivateKey>("private")), alice.get<X25519PublicKey>("public"));
}

TEST(X25519, AgreesBothWays) {
    test::SeededRng rng{2};
    const auto a = x25519::generate(rng);
    const auto b = x25519::generate(rng);
    EXPECT_NE(a.public_key, b.public_key);
    const auto ab = x25519::agree(a.private_key, b.public_key);
    const auto ba = x25519::agree(b.private_key, a.public_key);
    ASSERT_TRUE(ab && ba);
    EXPECT_TRUE(ab->equals(*ba));
    const auto aa = x25519::agree(a.private_key, a.public_key);
    ASSERT_TRUE(aa);
    EXPECT_FALSE(aa->equals(*ab));
}

TEST(X25519, DrawsThePrivateKeyFromTheGivenSource) {
    test::SeededRng first{3};
    test::SeededRng second{3};
    EXPECT_EQ(x25519::generate(first).public_key, x25519::generate(second).public_key);
    EXPECT_EQ(first.calls(), 1U);
    test::FailingRng failing{first, 1};
    EXPECT_THROW((void)x25519::generate(failing), RngFailure);
}

// Wycheproof calls twist points, values of p and above and all-zero results "acceptable". The first two are computed as RFC 7748
// says; the last are refused.
TEST(X25519, WycheproofAllCases) {
    const std::size_t count =
        test::for_each_wycheproof_test("x25519_test.json", [](const auto&, const auto& test) {
            const Bytes ours = test::hex_of(test, "private");
            const Bytes theirs = test::hex_of(test, "public");
            ASSERT_EQ(ours.size(), x25519_size);
            ASSERT_EQ(theirs.size(), x25519_size);
            const auto secret =
                x25519::agree(X25519PrivateKey::copy_of(std::span<const u8, x25519_size>{ours}),
                              X25519PublicKey::from(std::span<const u8, x25519_size>{theirs}));
            if (test::has_flag(test, "ZeroSharedSecret")) {
                ASSERT_FALSE(secret) << test.at("tcId");
                EXPECT_EQ(secret.error(), CryptoError::all_zero_shared_secret);
            } else {
                ASSERT_TRUE(secret) << test.at("tcId");
                EXPECT_EQ(to_hex(secret->expose()), test::text_of(test, "shared")) << test.at("tcId");
            }
        });
    EXPECT_GT(count, 500U);
}

}  // namespace
}  // namespace chat
