#include "crypto/hkdf.hpp"

#include <gtest/gtest.h>

#include "support/vec_reader.hpp"

namespace chat {
namespace {

using test::VecBlock;

struct Case {
    explicit Case(const VecBlock& block)
        : ikm{block.bytes("ikm")},
          salt{block.bytes("salt")},
          info{block.bytes("info")},
          prk{block.bytes("prk")},
          okm{block.bytes("okm")} {}

    Bytes ikm, salt, info, prk, okm;
};

void check_sha256(const Case& c) {
    Bytes out(c.okm.size());
    hkdf_sha256(c.salt, c.ikm, c.info, out);
    EXPECT_EQ(out, c.okm);
    const HkdfSha256Prk prk = hkdf_extract_sha256(c.salt, {c.ikm});
    EXPECT_EQ(to_hex(prk.expose()), to_hex(c.prk));
    std::fill(out.begin(), out.end(), u8{0});
    hkdf_expand_sha256(prk.expose(), c.info, out);
    EXPECT_EQ(out, c.okm);
}

void check_sha512(const Case& c) {
    Bytes out(c.okm.size());
    hkdf_sha512(c.salt, c.ikm, c.info, out);
    EXPECT_EQ(out, c.okm);
    const HkdfSha512Prk prk = hkdf_extract_sha512(c.salt, {c.ikm});
    EXPECT_EQ(to_hex(prk.expose()), to_hex(c.prk));
    std::fill(out.begin(), out.end(), u8{0});
    hkdf_expand_sha512(prk.expose(), c.info, out);
    EXPECT_EQ(out, c.okm);
}

TEST(Hkdf, GivesThePublishedKeys) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/crypto/hkdf.vec")) {
        if (block.text("hash") == "sha256") {
            check_sha256(Case{block});
        } else {
            check_sha512(Case{block});
        }
    }
}

TEST(Hkdf, JoinsTheInputKeyMaterial) {
    const Bytes ikm = test::from_hex("000102030405060708090a");
    const ByteView view{ikm};
    Bytes whole(160);
    Bytes parts(160);
    hkdf_sha512(bytes_of("salt"), view, "info", whole);
    hkdf_sha512(bytes_of("salt"), {view.first(3), {}, view.subspan(3)}, "info", parts);
    EXPECT_EQ(whole, parts);
    hkdf_sha256(bytes_of("salt"), view, "info", whole);
    hkdf_sha256(bytes_of("salt"), {view.first(3), {}, view.subspan(3)}, "info", parts);
    EXPECT_EQ(whole, parts);
}

TEST(Hkdf, TakesAnEmptySaltAsZeros) {
    const Bytes zeros(64);
    Bytes expected(32);
    Bytes out(32);
    hkdf_sha512(zeros, bytes_of("ikm"), "info", expected);
    hkdf_sha512({}, bytes_of("ikm"), "info", out);
    EXPECT_EQ(out, expected);
    hkdf_sha256(ByteView{zeros}.first(32), bytes_of("ikm"), "info", expected);
    hkdf_sha256({}, bytes_of("ikm"), "info", out);
    EXPECT_EQ(out, expected);
}

TEST(Hkdf, MayWriteOverSaltAndInput) {
    Bytes key(160, 0x77);
    Bytes expected(160);
    hkdf_sha512(key, ByteView{key}, "step", expected);
    hkdf_sha512(key, ByteView{key}, "step", key);
    EXPECT_EQ(key, expected);
}

TEST(Hkdf, SeparatesByInfoSaltAndInput) {
    const auto derive = [](std::string_view salt, std::string_view ikm, std::string_view info) {
        Bytes out(32);
        hkdf_sha512(bytes_of(salt), bytes_of(ikm), info, out);
        return out;
    };
    const Bytes reference = derive("s", "i", "n");
    EXPECT_NE(derive("t", "i", "n"), reference);
    EXPECT_NE(derive("s", "j", "n"), reference);
    EXPECT_NE(derive("s", "i", "o"), reference);
}

}  // namespace
}  // namespace chat
