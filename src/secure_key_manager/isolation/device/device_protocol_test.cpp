#include "secure_key_manager/isolation/device/device_protocol.hpp"

#include <gtest/gtest.h>

#include "support/p384_signer.hpp"

namespace chat {
namespace {

using namespace device_protocol;

DeviceRequest again(const DeviceRequest& request) {
    const ServiceFrame frame = encode(request);
    auto decoded = decode_request(frame.kind, frame.body.expose());
    if (!decoded) throw std::runtime_error{std::string{describe(decoded.error())}};
    return std::move(*decoded);
}

DeviceReply again(const DeviceReply& reply) {
    const ServiceFrame frame = encode(reply);
    auto decoded = decode_reply(frame.kind, frame.body.expose());
    if (!decoded) throw std::runtime_error{std::string{describe(decoded.error())}};
    return std::move(*decoded);
}

DeviceProtocolError request_error(u8 kind, ByteView body) {
    const auto decoded = decode_request(kind, body);
    if (decoded) throw std::runtime_error{"it was taken"};
    return decoded.error();
}

DeviceProtocolError reply_error(u8 kind, ByteView body) {
    const auto decoded = decode_reply(kind, body);
    if (decoded) throw std::runtime_error{"it was taken"};
    return decoded.error();
}

Opened some_opened(bool with_key) {
    Opened out;
    out.seccomp = true;
    out.landlock = 4;
    out.info = {HsmKind::pkcs11, "Maker", "Model", "Label"};
    if (with_key) out.co_signing_key = test::P384Signer{}.public_key();
    return out;
}

TEST(DeviceProtocol, DecodesWhatItEncodes) {
    const auto open = again(DeviceRequest{OpenDevice{
        {HsmKind::pkcs11, "pkcs11:token=x"}, SecretBuffer::copy_of(bytes_of("123")), Bytes{1, 2, 3}}});
    EXPECT_EQ(std::get<OpenDevice>(open).location.kind, HsmKind::pkcs11);
    EXPECT_EQ(std::get<OpenDevice>(open).location.place, "pkcs11:token=x");
    EXPECT_EQ(std::get<OpenDevice>(open).pin.size(), 3U);
    EXPECT_EQ(std::get<OpenDevice>(open).handle, (Bytes{1, 2, 3}));
    EXPECT_EQ(std::get<Random>(again(DeviceRequest{Random{4096}})).count, 4096);
    const HardwareEndorsement endorsement{Role::b, {}, {}};
    EXPECT_EQ(std::get<CoSign>(again(DeviceRequest{CoSign{endorsement}})).endorsement, endorsement);

    for (const bool with_key : {false, true}) {
        const Opened sent = some_opened(with_key);
        const auto opened = again(DeviceReply{sent});
        EXPECT_EQ(std::get<Opened>(opened).info.model, "Model");
        EXPECT_EQ(std::get<Opened>(opened).co_signing_key, sent.co_signing_key);
        EXPECT_EQ(std::get<Opened>(opened).landlock, 4);
    }
    EXPECT_EQ(std::get<RandomBytes>(again(DeviceReply{RandomBytes{SecretBuffer{7}}})).bytes.size(), 7U);
    EcdsaP384Signature signature;
    signature.bytes.fill(9);
    EXPECT_EQ(std::get<CoSigned>(again(DeviceReply{CoSigned{signature}})).signature, signature);
    for (u8 code = 0; code <= static_cast<u8>(HsmError::failed); ++code) {
        const auto error = static_cast<HsmError>(code);
        EXPECT_EQ(std::get<Refused>(again(DeviceReply{Refused{error}})).error, error);
    }
}

TEST(DeviceProtocol, RefusesRequestsThatAreNone) {
    EXPECT_EQ(request_error(0, {}), DeviceProtocolError::unknown_kind);
    EXPECT_EQ(request_error(4, {}), DeviceProtocolError::unknown_kind);
    EXPECT_EQ(request_error(2, Bytes{0}), DeviceProtocolError::wrong_length);
    EXPECT_EQ(request_error(2, Bytes{0, 0}), DeviceProtocolError::wrong_length);
    EXPECT_EQ(request_error(2, Bytes{0x10, 0x01}), DeviceProtocolError::wrong_length);
    EXPECT_EQ(request_error(1, Bytes(7)), DeviceProtocolError::bad_device);
    EXPECT_EQ(request_error(1, Bytes{4, 0, 0, 0, 0, 0, 0}), DeviceProtocolError::bad_device);
    EXPECT_EQ(request_error(1, Bytes{1, 0, 1, 0, 0, 0, 0}), DeviceProtocolError::wrong_length);
    EXPECT_EQ(request_error(1, Bytes{1, 0, 0, 0, 0, 0, 0, 0}), DeviceProtocolError::wrong_length);
    EXPECT_EQ(request_error(1, Bytes{1, 0, 1, '\n', 0, 0, 0, 0}), DeviceProtocolError::bad_text);
    EXPECT_EQ(request_error(3, Bytes(64)), DeviceProtocolError::wrong_length);
    EXPECT_EQ(request_error(3, Bytes(65)), DeviceProtocolError::bad_endorsement);
}

TEST(DeviceProtocol, RefusesRepliesThatAreNone) {
    EXPECT_EQ(reply_error(0, {}), DeviceProtocolError::unknown_kind);
    EXPECT_EQ(reply_error(5, {}), DeviceProtocolError::unknown_kind);
    EXPECT_EQ(reply_error(2, {}), DeviceProtocolError::wrong_length);
    EXPECT_EQ(reply_error(2, Bytes(4097)), DeviceProtocolError::wrong_length);
    EXPECT_EQ(reply_error(3, Bytes(95)), DeviceProtocolError::wrong_length);
    EXPECT_EQ(reply_error(4, Bytes{static_cast<u8>(HsmError::failed) + 1}), DeviceProtocolError::bad_code);
    EXPECT_EQ(reply_error(1, Bytes{2, 0, 1, 0, 0, 0}), DeviceProtocolError::bad_code);
    EXPECT_EQ(reply_error(1, Bytes{1, 0, 0, 0, 0, 0}), DeviceProtocolError::bad_device);
    EXPECT_EQ(reply_error(1, Bytes{1, 0, 1, 1, 0x1b, 0, 0}), DeviceProtocolError::bad_text);
    EXPECT_EQ(reply_error(1, Bytes{1, 0, 1, 65, 0, 0}), DeviceProtocolError::wrong_length);
    const ServiceFrame good = encode(DeviceReply{some_opened(true)});
    Bytes changed{good.body.expose().begin(), good.body.expose().end()};
    changed.back() ^= 1;
    EXPECT_EQ(reply_error(1, changed), DeviceProtocolError::bad_key);
    changed.pop_back();
    EXPECT_EQ(reply_error(1, changed), DeviceProtocolError::wrong_length);
}

}  // namespace
}  // namespace chat
