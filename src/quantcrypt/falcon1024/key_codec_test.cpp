#include "quantcrypt/falcon1024/key_codec.hpp"

#include <gtest/gtest.h>

#include <random>

#include "support/falcon_vectors.hpp"

namespace chat::falcon1024 {
namespace {

constexpr std::size_t g_offset = 1 + n * fg_bits / 8;
constexpr std::size_t big_f_offset = 1 + 2 * n * fg_bits / 8;

std::vector<test::FalconVector> vectors() { return test::falcon_vectors(TEST_VECTORS); }

FalconError public_key_error(ByteView encoded) {
    const auto h = decode_public_key(encoded);
    EXPECT_FALSE(h);
    return h.error();
}

FalconError secret_key_error(ByteView encoded) {
    const auto basis = decode_secret_key(encoded);
    EXPECT_FALSE(basis);
    return basis.error();
}

/// Overwrites `width` bits from bit `position` on.
void put_bits(Bytes& bytes, std::size_t position, unsigned width, u32 value) {
    for (unsigned i = 0; i < width; ++i, ++position) {
        const u8 mask = static_cast<u8>(0x80U >> (position % 8));
        const bool one = ((value >> (width - 1 - i)) & 1U) != 0;
        bytes[position / 8] = static_cast<u8>(one ? bytes[position / 8] | mask : bytes[position / 8] & ~mask);
    }
}

TEST(KeyCodec, PublicKeysSurvive) {
    for (const auto& vector : vectors()) {
        const auto h = decode_public_key(vector.public_key.view());
        ASSERT_TRUE(h);
        PublicKey again;
        encode_public_key(again.bytes, *h);
        EXPECT_EQ(again, vector.public_key);
    }
}

TEST(KeyCodec, RefusesAPublicKeyOfAnotherLength) {
    const auto vector = vectors()[0];
    const Bytes key(vector.public_key.bytes.begin(), vector.public_key.bytes.end());
    Bytes longer = key;
    longer.push_back(0);
    for (ByteView wrong : {ByteView{}, ByteView{key}.first(1), ByteView{key}.first(1792), ByteView{longer}}) {
        EXPECT_EQ(public_key_error(wrong), FalconError::bad_public_key_length);
    }
}

TEST(KeyCodec, RefusesAPublicKeyWithAnotherHeader) {
    PublicKey key = vectors()[0].public_key;
    for (u8 header : Bytes{0x00, 0x09, 0x0B, 0x1A, 0x5A, 0x8A}) {
        key.bytes[0] = header;
        EXPECT_EQ(public_key_error(key.view()), FalconError::bad_public_key_header);
    }
}

TEST(KeyCodec, RefusesAPublicCoefficientThatIsNotBelowQ) {
    const auto original = vectors()[0].public_key;
    for (std::size_t index : {std::size_t{0}, std::size_t{511}, n - 1}) {
        Bytes key(original.bytes.begin(), original.bytes.end());
        put_bits(key, 8 + 14 * index, 14, q - 1);
        EXPECT_TRUE(decode_public_key(key));
        for (u32 value : {q, q + 1, (1U << 14U) - 1}) {
            put_bits(key, 8 + 14 * index, 14, value);
            EXPECT_EQ(public_key_error(key), FalconError::public_key_out_of_range);
        }
    }
}

TEST(KeyCodec, SecretKeysSurvive) {
    for (const auto& vector : vectors()) {
        const auto basis = decode_secret_key(vector.secret_key);
        ASSERT_TRUE(basis);
        EncodedSecretKey again;
        encode_secret_key(again.expose_mutable(), *basis);
        EXPECT_TRUE(std::equal(vector.secret_key.begin(), vector.secret_key.end(), again.expose().begin()));
    }
}

TEST(KeyCodec, RecomputedGSolvesTheNtruEquation) {
    const auto basis = decode_secret_key(vectors()[0].secret_key);
    ASSERT_TRUE(basis);
    std::array<i32, n> sum{};
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            const i32 term = basis->f()[i] * basis->capital_g()[j] - basis->g()[i] * basis->capital_f()[j];
            sum[(i + j) % n] += i + j < n ? term : -term;
        }
    }
    EXPECT_EQ(sum[0], static_cast<i32>(q));
    for (std::size_t i = 1; i < n; ++i) EXPECT_EQ(sum[i], 0);
}

TEST(KeyCodec, RefusesASecretKeyOfAnotherLength) {
    const Bytes key = vectors()[0].secret_key;
    Bytes longer = key;
    longer.push_back(0);
    for (ByteView wrong : {ByteView{}, ByteView{key}.first(1), ByteView{key}.first(2304), ByteView{longer}}) {
        EXPECT_EQ(secret_key_error(wrong), FalconError::bad_secret_key_length);
    }
}

TEST(KeyCodec, RefusesASecretKeyWithAnotherHeader) {
    Bytes key = vectors()[0].secret_key;
    for (u8 header : Bytes{0x00, 0x59, 0x0A, 0x5B, 0xDA}) {
        key[0] = header;
        EXPECT_EQ(secret_key_error(key), FalconError::bad_secret_key_header);
    }
}

TEST(KeyCodec, RefusesTheForbiddenValueInEveryField) {
    const Bytes original = vectors()[0].secret_key;
    for (std::size_t index : {std::size_t{0}, std::size_t{700}, n - 1}) {
        for (std::size_t field : {std::size_t{1}, g_offset}) {
            Bytes key = original;
            put_bits(key, 8 * field + 5 * index, 5, 0x10);
            EXPECT_EQ(secret_key_error(key), FalconError::secret_key_out_of_range);
        }
        Bytes key = original;
        key[big_f_offset + index] = 0x80;
        EXPECT_EQ(secret_key_error(key), FalconError::secret_key_out_of_range);
    }
}

TEST(KeyCodec, RefusesAnFThatHasNoInverse) {
    Bytes key = vectors()[0].secret_key;
    std::fill(key.begin() + 1, key.begin() + g_offset, u8{0});
    EXPECT_EQ(secret_key_error(key), FalconError::secret_key_not_a_basis);
}

TEST(KeyCodec, RefusesPartsThatNeedALongG) {
    Bytes key = vectors()[0].secret_key;
    put_bits(key, 8 * big_f_offset + 8 * 3, 8, 0x7F);
    EXPECT_EQ(secret_key_error(key), FalconError::secret_key_not_a_basis);
}

TEST(KeyCodec, RefusesAMultipleOfTheNtruEquation) {
    Bytes key = vectors()[0].secret_key;
    std::fill(key.begin() + big_f_offset, key.end(), u8{0});  // F = G = 0: f G - g F = 0, also 0 mod q
    EXPECT_EQ(secret_key_error(key), FalconError::secret_key_not_a_basis);
    key = vectors()[0].secret_key;
    for (std::size_t i = big_f_offset; i < key.size(); ++i) key[i] = static_cast<u8>(-key[i]);  // -q
    EXPECT_EQ(secret_key_error(key), FalconError::secret_key_not_a_basis);
}

TEST(KeyCodec, RefusesABasisTooLongToSignWith) {
    const auto blocks = test::read_vec_file(TEST_VECTORS "/falcon/long_bases.vec");
    ASSERT_EQ(blocks.size(), 2U);
    for (const auto& block : blocks) {
        EXPECT_EQ(secret_key_error(block.bytes("sk")), FalconError::secret_key_too_long)
            << block.text("what");
    }
}

TEST(KeyCodec, RefusesRandomFields) {
    std::mt19937 generator{3};
    std::uniform_int_distribution<u32> byte{0, 255};
    Bytes key = vectors()[0].secret_key;
    for (int round = 0; round < 20; ++round) {
        for (std::size_t i = 1; i < key.size(); ++i) key[i] = static_cast<u8>(byte(generator));
        EXPECT_FALSE(decode_secret_key(key));
    }
}

}  // namespace
}  // namespace chat::falcon1024
