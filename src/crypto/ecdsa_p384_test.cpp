#include "crypto/ecdsa_p384.hpp"

#include <gtest/gtest.h>

#include "support/vec_reader.hpp"

namespace chat {
namespace {

struct Case {
    EcdsaP384PublicKey key;
    Bytes message;
    EcdsaP384Signature signature;
};

Case published(std::size_t index) {
    const auto blocks = test::read_vec_file(TEST_VECTORS "/crypto/ecdsa_p384.vec");
    const auto& block = blocks.at(index);
    return {block.get<EcdsaP384PublicKey>("public"), block.bytes("message"),
            block.get<EcdsaP384Signature>("signature")};
}

void expect(const Case& c, CryptoError error, const std::string& what) {
    const auto verified = ecdsa_p384::verify(c.key, c.message, c.signature);
    ASSERT_FALSE(verified) << what;
    EXPECT_EQ(verified.error(), error) << what;
}

void set(std::span<u8, 48> number, std::string_view hex) {
    const Bytes value = test::from_hex(hex);
    ASSERT_EQ(value.size(), number.size());
    std::copy(value.begin(), value.end(), number.begin());
}

std::span<u8, 48> r_of(Case& c) { return std::span{c.signature.bytes}.first<48>(); }

std::span<u8, 48> s_of(Case& c) { return std::span{c.signature.bytes}.last<48>(); }

std::span<u8, 48> x_of(Case& c) { return std::span{c.key.bytes}.subspan<1, 48>(); }

std::span<u8, 48> y_of(Case& c) { return std::span{c.key.bytes}.last<48>(); }

constexpr std::string_view order =
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973";
constexpr std::string_view prime =
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff";
constexpr std::string_view zero =
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view one =
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001";
constexpr std::string_view ones =
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

TEST(EcdsaP384, AcceptsThePublishedSignatures) {
    const auto blocks = test::read_vec_file(TEST_VECTORS "/crypto/ecdsa_p384.vec");
    ASSERT_EQ(blocks.size(), 2U);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Case c = published(i);
        EXPECT_TRUE(ecdsa_p384::check_public_key(c.key));
        EXPECT_TRUE(ecdsa_p384::verify(c.key, c.message, c.signature)) << i;
    }
}

TEST(EcdsaP384, RefusesTheSignatureOfAnotherMessage) {
    Case c = published(0);
    c.message = published(1).message;
    expect(c, CryptoError::bad_ecdsa_signature, "other message");
    c.message.clear();
    expect(c, CryptoError::bad_ecdsa_signature, "no message");
}

TEST(EcdsaP384, RefusesNumbersOutsideTheGroup) {
    for (const auto number : {zero, order, ones, prime}) {
        Case c = published(0);
        set(r_of(c), number);
        expect(c, CryptoError::bad_ecdsa_signature, "r");
        c = published(0);
        set(s_of(c), number);
        expect(c, CryptoError::bad_ecdsa_signature, "s");
        set(r_of(c), number);
        expect(c, CryptoError::bad_ecdsa_signature, "r and s");
    }
    Case c = published(0);
    set(r_of(c), one);
    set(s_of(c), one);
    expect(c, CryptoError::bad_ecdsa_signature, "1 and 1");
    c = published(0);
    std::swap_ranges(r_of(c).begin(), r_of(c).end(), s_of(c).begin());
    expect(c, CryptoError::bad_ecdsa_signature, "swapped");
}

TEST(EcdsaP384, RefusesEveryChangedBit) {
    const Case good = published(0);
    for (std::size_t bit = 0; bit < 96 * 8; bit += 5) {
        Case c = good;
        c.signature.bytes[bit / 8] = static_cast<u8>(c.signature.bytes[bit / 8] ^ (1U << (bit % 8)));
        expect(c, CryptoError::bad_ecdsa_signature, "signature bit " + std::to_string(bit));
    }
    for (std::size_t bit = 0; bit < 97 * 8; bit += 5) {
        Case c = good;
        c.key.bytes[bit / 8] = static_cast<u8>(c.key.bytes[bit / 8] ^ (1U << (bit % 8)));
        expect(c, CryptoError::bad_ecdsa_public_key, "public key bit " + std::to_string(bit));
    }
}

TEST(EcdsaP384, RefusesKeysThatAreNoUncompressedPoint) {
    const Case good = published(0);
    for (const u8 form : {u8{0}, u8{2}, u8{3}, u8{6}, u8{7}, u8{0xff}}) {
        Case c = good;
        c.key.bytes[0] = form;
        expect(c, CryptoError::bad_ecdsa_public_key, "form " + std::to_string(form));
        EXPECT_EQ(ecdsa_p384::check_public_key(c.key).error(), CryptoError::bad_ecdsa_public_key);
    }
    for (const auto number : {zero, prime, ones}) {
        Case c = good;
        set(x_of(c), number);
        expect(c, CryptoError::bad_ecdsa_public_key, "x");
        set(y_of(c), number);
        expect(c, CryptoError::bad_ecdsa_public_key, "x and y");
    }
}

TEST(EcdsaP384, TakesTheOtherSignOfS) {
    // What the header says: a second signature of the same message can be made by anybody.
    Case c = published(0);
    Case n = c;
    set(s_of(n), order);
    unsigned borrow = 0;
    for (std::size_t i = 48; i-- > 0;) {
        const unsigned value = 0x100U + s_of(n)[i] - s_of(c)[i] - borrow;
        s_of(n)[i] = static_cast<u8>(value);
        borrow = value >> 8U == 0 ? 1 : 0;
    }
    EXPECT_TRUE(ecdsa_p384::verify(n.key, n.message, n.signature));
    EXPECT_NE(n.signature, c.signature);
}

}  // namespace
}  // namespace chat
