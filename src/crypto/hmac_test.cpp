#include "crypto/hmac.hpp"

#include <gtest/gtest.h>

#include "support/vec_reader.hpp"

namespace chat {
namespace {

TEST(Hmac, GivesThePublishedCodes) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/crypto/hmac.vec")) {
        const Bytes key = block.bytes("key");
        const Bytes data = block.bytes("data");
        std::array<u8, hmac_sha256_size> mac256{};
        std::array<u8, hmac_sha512_size> mac512{};
        hmac_sha256(key, {data}, mac256);
        hmac_sha512(key, {data}, mac512);
        EXPECT_EQ(to_hex(mac256), block.text("hmac_sha256"));
        EXPECT_EQ(to_hex(mac512), block.text("hmac_sha512"));
        EXPECT_TRUE(verify_hmac_sha256(key, {data}, mac256));
    }
}

TEST(Hmac, JoinsItsPartsAndTakesAnEmptyKey) {
    std::array<u8, hmac_sha256_size> joined{};
    std::array<u8, hmac_sha256_size> whole{};
    hmac_sha256({}, {bytes_of("abc"), {}, bytes_of("def")}, joined);
    hmac_sha256({}, {bytes_of("abcdef")}, whole);
    EXPECT_EQ(joined, whole);
    const Bytes zeros(64);
    hmac_sha256(zeros, {bytes_of("abcdef")}, whole);
    EXPECT_EQ(joined, whole) << "an empty key is one block of zeros";
}

TEST(Hmac, MayWriteOverKeyAndMessage) {
    Bytes key(64, 0x11);
    Bytes message(64, 0x22);
    std::array<u8, hmac_sha512_size> expected{};
    hmac_sha512(key, {message}, expected);
    hmac_sha512(key, {message}, std::span<u8, 64>{message});
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), message.begin()));
    message.assign(64, 0x22);
    hmac_sha512(key, {message}, std::span<u8, 64>{key});
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), key.begin()));
}

TEST(Hmac, RefusesEveryChangedBitOfACode) {
    const Bytes key(32, 0x33);
    std::array<u8, hmac_sha256_size> mac{};
    hmac_sha256(key, {bytes_of("message")}, mac);
    for (std::size_t bit = 0; bit < mac.size() * 8; ++bit) {
        auto changed = mac;
        changed[bit / 8] = static_cast<u8>(changed[bit / 8] ^ (1U << (bit % 8)));
        const auto verified = verify_hmac_sha256(key, {bytes_of("message")}, changed);
        ASSERT_FALSE(verified) << "bit " << bit;
        EXPECT_EQ(verified.error(), CryptoError::bad_mac);
    }
    EXPECT_FALSE(verify_hmac_sha256(key, {bytes_of("messagf")}, mac));
}

}  // namespace
}  // namespace chat
