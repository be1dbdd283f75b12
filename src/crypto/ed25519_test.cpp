#include "crypto/ed25519.hpp"

#include <gtest/gtest.h>

#include "support/seeded_rng.hpp"
#include "support/wycheproof.hpp"

namespace chat {
namespace {

void expect_refused(const Ed25519PublicKey& key, ByteView message, const Ed25519Signature& signature,
                    const std::string& what) {
    const auto verified = ed25519::verify(key, message, signature);
    ASSERT_FALSE(verified) << what;
    EXPECT_EQ(verified.error(), CryptoError::bad_signature) << what;
}

TEST(Ed25519, GivesThePublishedSignatures) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/crypto/ed25519.vec")) {
        const auto private_key = block.get<Ed25519PrivateKey>("private");
        const auto public_key = block.get<Ed25519PublicKey>("public");
        const Bytes message = block.bytes("message");
        EXPECT_EQ(ed25519::public_key(private_key), public_key);
        const Ed25519Signature signature = ed25519::sign(private_key, message);
        EXPECT_EQ(to_hex(signature.bytes), block.text("signature"));
        EXPECT_TRUE(ed25519::verify(public_key, message, signature));
    }
}

TEST(Ed25519, RefusesLaxEncodings) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/crypto/ed25519_refused.vec")) {
        expect_refused(block.get<Ed25519PublicKey>("public"), block.bytes("message"),
                       block.get<Ed25519Signature>("signature"), block.text("why"));
    }
}

TEST(Ed25519, RefusesEveryChangedBit) {
    test::SeededRng rng{4};
    const auto pair = ed25519::generate(rng);
    const Bytes message = test::from_hex("00112233");
    const Ed25519Signature signature = ed25519::sign(pair.private_key, message);
    ASSERT_TRUE(ed25519::verify(pair.public_key, message, signature));
    const auto flip = [](auto& bytes, std::size_t bit) {
        bytes[bit / 8] = static_cast<u8>(bytes[bit / 8] ^ (1U << (bit % 8)));
    };
    for (std::size_t bit = 0; bit < 64 * 8; ++bit) {
        Ed25519Signature changed = signature;
        flip(changed.bytes, bit);
        expect_refused(pair.public_key, message, changed, "signature bit " + std::to_string(bit));
    }
    for (std::size_t bit = 0; bit < 32 * 8; ++bit) {
        Ed25519PublicKey changed = pair.public_key;
        flip(changed.bytes, bit);
        expect_refused(changed, message, signature, "public key bit " + std::to_string(bit));
    }
    for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
        Bytes changed = message;
        flip(changed, bit);
        expect_refused(pair.public_key, changed, signature, "message bit " + std::to_string(bit));
    }
}

TEST(Ed25519, DrawsThePrivateKeyFromTheGivenSource) {
    test::SeededRng first{5};
    test::SeededRng second{5};
    EXPECT_EQ(ed25519::generate(first).public_key, ed25519::generate(second).public_key);
    EXPECT_EQ(first.calls(), 1U);
    test::FailingRng failing{first, 1};
    EXPECT_THROW((void)ed25519::generate(failing), RngFailure);
}

TEST(Ed25519, WycheproofAllCases) {
    const std::size_t count =
        test::for_each_wycheproof_test("ed25519_test.json", [](const auto& group, const auto& test) {
            const Bytes key = test::hex_of(group.at("publicKey"), "pk");
            const Bytes signature = test::hex_of(test, "sig");
            const bool valid = test::text_of(test, "result") == "valid";
            ASSERT_EQ(key.size(), Ed25519PublicKey::size);
            // Any other size does not compile here: a signature is 64 bytes by type.
            if (signature.size() != Ed25519Signature::size) {
                EXPECT_FALSE(valid) << test.at("tcId");
                return;
            }
            const auto verified = ed25519::verify(Ed25519PublicKey::from(std::span<const u8, 32>{key}),
                                                  test::hex_of(test, "msg"),
                                                  Ed25519Signature::from(std::span<const u8, 64>{signature}));
            EXPECT_EQ(verified.has_value(), valid) << test.at("tcId");
        });
    EXPECT_GT(count, 100U);
}

}  // namespace
}  // namespace chat
