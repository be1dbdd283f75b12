#include "crypto/canonical_hash.hpp"

#include <gtest/gtest.h>

#include "support/vec_reader.hpp"

namespace chat {
namespace {

TEST(CanonicalHash, EncodesLabelAndFieldsAsDocumented) {
    const Bytes fixed = test::from_hex("a1a2");
    const Bytes variable = test::from_hex("b1b2b3");
    CanonicalHash hash{"label"};
    hash.fixed(fixed).variable(variable).fixed_u8(7).fixed_u32(8).fixed_u64(9);
    const Bytes encoding = test::from_hex(
        "00000005"
        "6c6162656c"
        "a1a2"
        "00000003b1b2b3"
        "07"
        "00000008"
        "0000000000000009");
    EXPECT_EQ(hash.digest(), sha512(encoding));
}

TEST(CanonicalHash, KeepsFieldBoundariesApart) {
    const Bytes ab = test::from_hex("aabb");
    const Bytes empty;
    const ByteView view{ab};
    const auto digest = [](std::string_view label, ByteView first, ByteView second) {
        return CanonicalHash{label}.variable(first).variable(second).digest();
    };
    EXPECT_NE(digest("x", ab, empty), digest("x", empty, ab));
    EXPECT_NE(digest("x", view.first(1), view.last(1)), digest("x", ab, empty));
    EXPECT_NE(CanonicalHash{"x"}.fixed(bytes_of("y")).digest(), CanonicalHash{"xy"}.digest());
}

TEST(CanonicalHash, GoesOnAfterADigest) {
    CanonicalHash transcript{"transcript"};
    transcript.fixed(bytes_of("one"));
    const Sha512Digest early = transcript.digest();
    transcript.fixed(bytes_of("two"));
    EXPECT_EQ(early, CanonicalHash{"transcript"}.fixed(bytes_of("one")).digest());
    EXPECT_EQ(transcript.digest(), CanonicalHash{"transcript"}.fixed(bytes_of("onetwo")).digest());
}

}  // namespace
}  // namespace chat
