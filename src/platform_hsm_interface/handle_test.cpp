#include "platform_hsm_interface/handle.hpp"

#include <gtest/gtest.h>

#include "platform_hsm_interface/device_text.hpp"
#include "support/p384_signer.hpp"

namespace chat {
namespace {

TpmHandle tpm_handle() {
    TpmHandle out;
    out.has_pin = true;
    out.unique.bytes.fill(7);
    out.parent_name = Bytes(50, 1);
    out.public_area = Bytes(100, 2);
    out.private_area = Bytes(200, 3);
    return out;
}

TokenHandle token_handle() {
    TokenHandle out;
    out.wrap = TokenWrap::aes_key_wrap;
    out.id.bytes.fill(9);
    out.serial = Bytes{'a', 'b'};
    out.co_signing_key = test::P384Signer{}.public_key();
    return out;
}

TEST(HsmHandle, OfWindowsIsReadLikeTheOthers) {
    CngHandle handle;
    handle.has_pin = true;
    handle.id.bytes.fill(5);
    handle.co_signing_key = test::P384Signer{}.public_key();
    const Bytes good = encode(handle);
    EXPECT_EQ(decode_cng_handle(good), handle);
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(decode_cng_handle(ByteView{good}.first(size)));
    EXPECT_FALSE(decode_cng_handle(encode(tpm_handle())));
    Bytes changed = good;
    changed[6] = 2;
    EXPECT_FALSE(decode_cng_handle(changed));
    changed = good;
    changed.back() ^= 1;
    EXPECT_FALSE(decode_cng_handle(changed));
}

TEST(HsmHandle, DecodesWhatItEncodes) {
    EXPECT_EQ(decode_tpm_handle(encode(tpm_handle())), tpm_handle());
    const TokenHandle token = token_handle();
    EXPECT_EQ(decode_token_handle(encode(token)), token);
    const TpmSealedKey sealed{Bytes(10, 1), Bytes(20, 2)};
    EXPECT_EQ(decode_tpm_sealed_key(encode(sealed)), sealed);
    EXPECT_EQ(handle_kind(encode(tpm_handle())), HsmKind::tpm);
    EXPECT_EQ(handle_kind(encode(token)), HsmKind::pkcs11);
}

TEST(HsmHandle, IsOfOneKind) {
    EXPECT_FALSE(decode_tpm_handle(encode(token_handle())));
    EXPECT_FALSE(decode_token_handle(encode(tpm_handle())));
    EXPECT_FALSE(handle_kind({}));
    EXPECT_FALSE(handle_kind(bytes_of("SPHW\x01")));
    EXPECT_FALSE(handle_kind(bytes_of("SPHW\x01\x04")));
    EXPECT_FALSE(handle_kind(bytes_of("SPHW\x02\x01")));
    EXPECT_FALSE(handle_kind(bytes_of("SPHX\x01\x01")));
}

TEST(HsmHandle, RefusesEveryOtherLength) {
    for (const Bytes& good : {encode(tpm_handle()), encode(token_handle())}) {
        for (std::size_t size = 0; size < good.size(); ++size) {
            EXPECT_FALSE(decode_tpm_handle(ByteView{good}.first(size))) << size;
            EXPECT_FALSE(decode_token_handle(ByteView{good}.first(size))) << size;
        }
        Bytes longer = good;
        longer.push_back(0);
        EXPECT_FALSE(decode_tpm_handle(longer));
        EXPECT_FALSE(decode_token_handle(longer));
    }
    TpmHandle handle = tpm_handle();
    handle.parent_name = Bytes(51);
    EXPECT_FALSE(decode_tpm_handle(encode(handle)));
    handle.parent_name.clear();
    EXPECT_FALSE(decode_tpm_handle(encode(handle)));
    handle = tpm_handle();
    handle.public_area = Bytes(1025);
    EXPECT_FALSE(decode_tpm_handle(encode(handle)));
    TokenHandle token = token_handle();
    token.serial = Bytes(17);
    EXPECT_FALSE(decode_token_handle(encode(token)));
    // A length that is too great is not read as none.
    Bytes no_serial = encode(TokenHandle{TokenWrap::aes_gcm, {}, {}, token.co_signing_key});
    EXPECT_TRUE(decode_token_handle(no_serial));
    no_serial[23] = 0x11;
    EXPECT_FALSE(decode_token_handle(no_serial));
    EXPECT_FALSE(decode_tpm_sealed_key(encode(TpmSealedKey{{}, Bytes(3)})));
    EXPECT_FALSE(decode_tpm_sealed_key(encode(TpmSealedKey{Bytes(3), {}})));
}

TEST(HsmHandle, RefusesValuesThatMeanNothing) {
    Bytes tpm = encode(tpm_handle());
    tpm[6] = 2;  // has_pin
    EXPECT_FALSE(decode_tpm_handle(tpm));
    for (const u8 parent : {u8{0}, u8{3}}) {
        tpm = encode(tpm_handle());
        tpm[7] = parent;
        EXPECT_FALSE(decode_tpm_handle(tpm));
    }
    for (const u8 wrap : {u8{0}, u8{3}}) {
        Bytes token = encode(token_handle());
        token[6] = wrap;
        EXPECT_FALSE(decode_token_handle(token));
    }
    Bytes token = encode(token_handle());
    token.back() ^= 1;  // off the curve
    EXPECT_FALSE(decode_token_handle(token));
}

TEST(DeviceText, IsFitForAScreen) {
    EXPECT_EQ(device_text(bytes_of("  My Token      ")), "My Token");
    EXPECT_EQ(device_text(bytes_of("a\x1b[31mb\n\xc3\xa9")), "a?[31mb???");
    EXPECT_EQ(device_text(bytes_of(std::string_view{"ab\0cd", 5})), "ab");
    EXPECT_EQ(device_text(bytes_of(std::string(100, 'x'))), std::string(64, 'x'));
    EXPECT_EQ(device_text(bytes_of("SW   TPM")), "SW TPM");
    EXPECT_EQ(device_text({}), "");
    EXPECT_EQ(device_text(bytes_of("    ")), "");
}

}  // namespace
}  // namespace chat
