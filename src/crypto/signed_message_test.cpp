#include "crypto/signed_message.hpp"

#include <gtest/gtest.h>

#include "crypto/hash.hpp"
#include "crypto/info.hpp"

namespace chat {
namespace {

Bytes framed(std::string_view text) {
    Bytes out{0, 0, 0, static_cast<u8>(text.size())};
    append(out, bytes_of(text));
    return out;
}

TEST(SignedMessage, BeginsWithLabelSuiteKeyAndRole) {
    const Bytes key(1793, 7);
    SignedMessage message{info::init_ec_pq_binding, verification_key_hash(key), Role::b};
    message.fixed(Bytes{1, 2, 3}).fixed_u32(0x04050607);

    Bytes expected = framed(info::init_ec_pq_binding);
    append(expected, framed(info::suite));
    Bytes key_encoding = framed(info::verification_key_hash);
    append(key_encoding, Bytes{0, 0, 0x07, 0x01});
    append(key_encoding, key);
    append(expected, sha512(key_encoding).bytes);
    append(expected, Bytes{'B', 1, 2, 3, 4, 5, 6, 7});
    EXPECT_EQ(Bytes(message.view().begin(), message.view().end()), expected);
}

TEST(SignedMessage, DiffersByLabelKeyAndRole) {
    const Bytes key(1793, 7);
    Bytes other_key = key;
    other_key.back() ^= 1U;
    const auto made = [](std::string_view label, ByteView with, Role role) {
        return SignedMessage{label, verification_key_hash(with), role}.take();
    };
    const Bytes message = made(info::init_ec_pq_binding, key, Role::a);
    EXPECT_NE(made(info::resp_ec_pq_binding, key, Role::a), message);
    EXPECT_NE(made(info::init_ec_pq_binding, other_key, Role::a), message);
    EXPECT_NE(made(info::init_ec_pq_binding, key, Role::b), message);
}

}  // namespace
}  // namespace chat
