#include "p2p_core/stun_message.hpp"

#include <gtest/gtest.h>

#include "p2p_core/stun_digests.hpp"
#include "support/stun_messages.hpp"
#include "support/vec_reader.hpp"

namespace chat {
namespace {

using test::from_hex;
using test::StunBuilder;

TEST(StunDigests, Crc32MatchesItsCheckValue) {
    EXPECT_EQ(stun::crc32(bytes_of("123456789")), 0xCBF43926U);
    EXPECT_EQ(stun::crc32({}), 0U);
}

std::string hex_sha1(std::initializer_list<ByteView> parts) { return to_hex(stun::sha1(parts)); }

TEST(StunDigests, Sha1MatchesFips180) {
    EXPECT_EQ(hex_sha1({bytes_of("abc")}), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(hex_sha1({bytes_of("abcdbcdecdefdefgefghfghi"), bytes_of("ghijhijkijkljklmklmnlmnomnopnopq")}),
              "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    EXPECT_EQ(hex_sha1({Bytes(1000000, 'a')}), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    EXPECT_EQ(hex_sha1({}), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST(StunDigests, HmacSha1MatchesRfc2202) {
    EXPECT_EQ(to_hex(stun::hmac_sha1(Bytes(20, 0x0b), {bytes_of("Hi There")})),
              "b617318655057264e28bc0b6fb378c8ef146be00");
    EXPECT_EQ(to_hex(stun::hmac_sha1(Bytes(80, 0xaa),
                                     {bytes_of("Test Using Larger Than Block-Size Key - Hash Key First")})),
              "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

class Rfc5769 : public testing::Test {
  protected:
    std::vector<test::VecBlock> vectors_ =
        test::read_vec_file(std::string{TEST_VECTORS} + "/stun/rfc5769.vec");
};

TEST_F(Rfc5769, EveryVectorIsReadAsItSays) {
    ASSERT_EQ(vectors_.size(), 4U);
    for (const auto& vector : vectors_) {
        SCOPED_TRACE(vector.text("section"));
        const Bytes bytes = vector.bytes("message");
        const auto message = StunMessage::decode(bytes);
        ASSERT_TRUE(message) << describe(message.error());
        EXPECT_EQ(message->method(), stun::binding);
        EXPECT_EQ(message->message_class(),
                  vector.text("class") == "request" ? StunClass::request : StunClass::success);
        EXPECT_EQ(to_hex(message->transaction().bytes), vector.text("transaction"));
        EXPECT_EQ(message->has_fingerprint(), vector.text("fingerprint") == "yes");
        EXPECT_TRUE(message->verify_integrity(vector.bytes("key")));
        EXPECT_EQ(message->verify_integrity(bytes_of("another password")).error(), StunError::bad_integrity);
        const auto mapped = message->mapped_address();
        if (vector.has("mapped")) {
            ASSERT_TRUE(mapped);
            EXPECT_EQ(to_text(*mapped), vector.text("mapped"));
        } else {
            EXPECT_EQ(mapped.error(), StunError::no_address);
        }
    }
}

TEST_F(Rfc5769, AnyChangedBitOfAFingerprintedMessageIsNoticed) {
    for (const auto& vector : vectors_) {
        if (vector.text("fingerprint") != "yes") continue;
        const Bytes bytes = vector.bytes("message");
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            Bytes changed = bytes;
            changed[bit / 8] ^= static_cast<u8>(1U << (bit % 8));
            const auto message = StunMessage::decode(changed);
            // What no longer looks like a fingerprint is covered by the integrity check instead.
            if (message) {
                EXPECT_FALSE(message->has_fingerprint()) << bit;
            }
        }
    }
}

TEST_F(Rfc5769, AChangedUnprotectedMessageFailsItsIntegrityCheck) {
    const auto& vector = vectors_.back();
    for (std::size_t at = stun::header_size; at < vector.bytes("message").size(); ++at) {
        Bytes changed = vector.bytes("message");
        changed[at] ^= 1;
        const auto message = StunMessage::decode(changed);
        if (message) {
            EXPECT_FALSE(message->verify_integrity(vector.bytes("key"))) << at;
        }
    }
}

TEST(StunMessage, ARequestIsExactlyWhatItShouldBe) {
    const auto id = StunTransactionId{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
    const Bytes bytes = encode_binding_request(id);
    EXPECT_EQ(to_hex(ByteView{bytes}.first(24)), "000100082112a4420102030405060708090a0b0c80280004");
    EXPECT_EQ(bytes.size(), 28U);
    const auto message = StunMessage::decode(bytes);
    ASSERT_TRUE(message);
    EXPECT_TRUE(message->has_fingerprint());
    EXPECT_EQ(message->transaction(), id);
    EXPECT_EQ(message->message_class(), StunClass::request);
}

StunError error_of(const Bytes& message) {
    const auto decoded = StunMessage::decode(message);
    if (decoded) {
        ADD_FAILURE() << "was decoded";
        return StunError::no_answer;
    }
    return decoded.error();
}

TEST(StunMessage, NamesEachMalformation) {
    const Bytes good = StunBuilder{StunClass::success}.xor_mapped("8.8.8.1:80").bytes();
    ASSERT_TRUE(StunMessage::decode(good));
    EXPECT_EQ(error_of({}), StunError::too_short);
    EXPECT_EQ(error_of(Bytes(good.begin(), good.begin() + 19)), StunError::too_short);
    EXPECT_EQ(error_of(Bytes(1501)), StunError::too_long);
    const auto changed = [&](std::size_t at, u8 value) {
        Bytes out = good;
        out[at] = value;
        return out;
    };
    EXPECT_EQ(error_of(changed(0, 0x41)), StunError::not_stun);
    EXPECT_EQ(error_of(changed(0, 0x81)), StunError::not_stun);
    EXPECT_EQ(error_of(changed(4, 0x20)), StunError::not_stun);
    EXPECT_EQ(error_of(changed(3, 13)), StunError::not_stun);
    EXPECT_EQ(error_of(changed(3, 8)), StunError::not_stun);   // trailing bytes
    EXPECT_EQ(error_of(changed(3, 16)), StunError::not_stun);  // cut off
    EXPECT_EQ(error_of(changed(2, 0x40)), StunError::too_long);
    EXPECT_EQ(error_of(changed(23, 9)), StunError::bad_attribute);
    EXPECT_EQ(error_of(changed(22, 0xFF)), StunError::bad_attribute);
    StunBuilder many{StunClass::success};
    for (int i = 0; i < 32; ++i) many.attribute(0x8022, {});
    EXPECT_TRUE(StunMessage::decode(many.bytes()));
    EXPECT_EQ(error_of(many.attribute(0x8022, {}).bytes()), StunError::too_many_attributes);
}

TEST(StunMessage, AFingerprintMustBeLastAndRightAndOfItsSize) {
    const Bytes good = StunBuilder{StunClass::success}.xor_mapped("8.8.8.1:80").fingerprint().bytes();
    ASSERT_TRUE(StunMessage::decode(good));
    Bytes changed = good;
    changed.back() ^= 1;
    EXPECT_EQ(error_of(changed), StunError::bad_fingerprint);
    EXPECT_EQ(error_of(StunBuilder{StunClass::success}.fingerprint().xor_mapped("8.8.8.1:80").bytes()),
              StunError::bad_fingerprint);
    EXPECT_EQ(error_of(StunBuilder{StunClass::success}.attribute(0x8028, {1, 2}).bytes()),
              StunError::bad_fingerprint);
}

StunError mapped_error(const StunBuilder& builder) {
    const Bytes bytes = builder.bytes();
    const auto message = StunMessage::decode(bytes);
    const auto mapped = message ? message->mapped_address() : fail(message.error());
    EXPECT_FALSE(mapped);
    return mapped ? StunError::no_answer : mapped.error();
}

TEST(StunMessage, ReadsAddressesOfBothFamiliesAndForms) {
    for (const char* text : {"8.8.8.1:80", "[2a00:1:2:3:4:5:6:7]:65535"}) {
        for (const StunBuilder& builder : {StunBuilder{StunClass::success}.xor_mapped(text),
                                           StunBuilder{StunClass::success}.mapped(text)}) {
            const Bytes bytes = builder.bytes();
            const auto mapped = StunMessage::decode(bytes)->mapped_address();
            ASSERT_TRUE(mapped);
            EXPECT_EQ(to_text(*mapped), text);
        }
    }
    const Bytes both = StunBuilder{StunClass::success}.mapped("8.8.8.2:2").xor_mapped("8.8.8.1:1").bytes();
    EXPECT_EQ(to_text(*StunMessage::decode(both)->mapped_address()), "8.8.8.1:1");
}

TEST(StunMessage, RefusesAMalformedAddress) {
    const u16 type = stun::attribute::xor_mapped_address;
    EXPECT_EQ(mapped_error(StunBuilder{StunClass::success}), StunError::no_address);
    EXPECT_EQ(mapped_error(StunBuilder{StunClass::success}.attribute(type, {})), StunError::bad_attribute);
    EXPECT_EQ(mapped_error(StunBuilder{StunClass::success}.attribute(type, {0, 1, 1, 2, 3, 4, 5})),
              StunError::bad_attribute);
    EXPECT_EQ(mapped_error(StunBuilder{StunClass::success}.attribute(type, {0, 1, 1, 2, 3, 4, 5, 6, 7})),
              StunError::bad_attribute);
    EXPECT_EQ(mapped_error(StunBuilder{StunClass::success}.attribute(type, {0, 2, 1, 2, 3, 4, 5, 6})),
              StunError::bad_attribute);
    EXPECT_EQ(mapped_error(StunBuilder{StunClass::success}.attribute(type, {0, 3, 1, 2, 3, 4, 5, 6})),
              StunError::bad_attribute);
    EXPECT_EQ(mapped_error(StunBuilder{StunClass::success}.mapped("8.8.8.1:0")), StunError::bad_attribute);
}

TEST(StunMessage, WhatFollowsTheIntegrityAttributeDoesntCount) {
    const Bytes bytes = StunBuilder{StunClass::success}
                            .attribute(stun::attribute::message_integrity, Bytes(20))
                            .xor_mapped("8.8.8.1:80")
                            .bytes();
    EXPECT_EQ(StunMessage::decode(bytes)->mapped_address().error(), StunError::no_address);
    const Bytes without = StunBuilder{StunClass::success}.bytes();
    EXPECT_EQ(StunMessage::decode(without)->verify_integrity({}).error(), StunError::bad_integrity);
}

TEST(StunMessage, ReadsErrorCodes) {
    const auto code = [](const Bytes& value) {
        const Bytes bytes =
            StunBuilder{StunClass::error}.attribute(stun::attribute::error_code, value).bytes();
        return StunMessage::decode(bytes)->error_code();
    };
    EXPECT_EQ(code({0, 0, 4, 20, 'n', 'o'}), 420);
    EXPECT_EQ(code({0, 0, 6, 99}), 699);
    EXPECT_EQ(code({0, 0, 2, 0}), std::nullopt);
    EXPECT_EQ(code({0, 0, 7, 0}), std::nullopt);
    EXPECT_EQ(code({0, 0, 4, 100}), std::nullopt);
    EXPECT_EQ(code({0, 0, 4}), std::nullopt);
}

TEST(StunMessage, KnowsWhatItMustUnderstand) {
    const auto unknown = [](u16 type) {
        const Bytes bytes = StunBuilder{StunClass::success}.attribute(type, {}).bytes();
        return StunMessage::decode(bytes)->has_unknown_required();
    };
    EXPECT_TRUE(unknown(0x7FFF));
    EXPECT_TRUE(unknown(0x0024));
    EXPECT_FALSE(unknown(0x8000));
    EXPECT_FALSE(unknown(0x802B));
    EXPECT_FALSE(unknown(stun::attribute::realm));
}

}  // namespace
}  // namespace chat
