#include "crypto/base32.hpp"

#include <gtest/gtest.h>

#include "support/seeded_rng.hpp"
#include "support/vec_reader.hpp"

namespace chat {
namespace {

void expect_refused(std::string_view text) {
    const auto decoded = base32_decode(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_EQ(decoded.error(), CryptoError::bad_base32) << text;
    Bytes out(base32_decoded_size(text.size()), 0xee);
    EXPECT_FALSE(base32_decode(text, out));
    EXPECT_EQ(out, Bytes(out.size())) << "output is all zero after a failure: " << text;
}

TEST(Base32, GivesThePublishedTexts) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/crypto/base32.vec")) {
        const Bytes bytes = block.bytes("bytes");
        EXPECT_EQ(base32_encode(bytes), block.text("text"));
        const auto decoded = base32_decode(block.text("text"));
        ASSERT_TRUE(decoded);
        EXPECT_EQ(*decoded, bytes);
    }
}

TEST(Base32, ReadsWhatItWroteAtEverySize) {
    test::SeededRng rng{6};
    for (std::size_t size = 0; size < 200; ++size) {
        Bytes bytes(size);
        rng.fill(bytes);
        const std::string text = base32_encode(bytes);
        EXPECT_EQ(text.size(), base32_encoded_size(size));
        EXPECT_EQ(base32_decoded_size(text.size()), size);
        const auto decoded = base32_decode(text);
        ASSERT_TRUE(decoded) << text;
        EXPECT_EQ(*decoded, bytes);
    }
}

TEST(Base32, KnowsItsAlphabetAndNothingElse) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (unsigned code = 0; code < 256; ++code) {
        const char character = static_cast<char>(static_cast<u8>(code));
        const std::string text = std::string(1, character) + "AAAAAAA";
        const std::size_t value = alphabet.find(character);
        if (value == std::string_view::npos) {
            expect_refused(text);
        } else {
            const auto decoded = base32_decode(text);
            ASSERT_TRUE(decoded) << text;
            EXPECT_EQ(decoded->at(0), value << 3U) << text;
        }
    }
}

TEST(Base32, RefusesImpossibleLengthsPaddingAndTrailingBits) {
    for (std::string_view text :
         {"A", "AAA", "AAAAAA", "AAAAAAAAA", "MY======", "MZXW6YTBOI======", "my", "MZXW6YTB "}) {
        expect_refused(text);
    }
    // 'f' is MY; the last character of the others differs in bits that belong to no byte.
    for (std::string_view text : {"MZ", "M3", "MZXX", "MZXW7", "MZXW6YR"}) expect_refused(text);
}

}  // namespace
}  // namespace chat
