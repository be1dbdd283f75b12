#include <gtest/gtest.h>

#include "secure_key_manager/backends/custody_process.hpp"

namespace chat {
namespace {

CustodyRequest request() {
    CustodyRequest out;
    out.task = CustodyTask::make;
    out.protector = Protector::pkcs11;
    out.name = "me";
    out.parameters = Bytes(5, 1);
    out.key = SecretBuffer::copy_of(Bytes(32, 2));
    out.fresh_id.bytes.fill(3);
    out.secrets.passphrase = SecretBuffer::copy_of(bytes_of("1234"));
    out.secrets.tcti = "swtpm:path=/x";
    out.secrets.token_uri = "pkcs11:token=t";
    return out;
}

Bytes bytes(const SecretBuffer& buffer) { return {buffer.expose().begin(), buffer.expose().end()}; }

TEST(CustodyCodec, ARequestComesBack) {
    const SecretBuffer encoded = encode(request());
    const auto back = decode_custody_request(encoded.expose());
    ASSERT_TRUE(back);
    EXPECT_EQ(bytes(encode(*back)), bytes(encoded));
    EXPECT_EQ(back->secrets.token_uri, "pkcs11:token=t");
    for (std::size_t size = 0; size < encoded.size(); ++size) {
        EXPECT_FALSE(decode_custody_request(encoded.expose().first(size))) << size;
    }
    Bytes longer = bytes(encoded);
    longer.push_back(0);
    EXPECT_FALSE(decode_custody_request(longer));
}

TEST(CustodyCodec, RefusesUnknownTasksAndSizesOutOfBounds) {
    Bytes bad = bytes(encode(request()));
    bad[0] = 5;
    EXPECT_FALSE(decode_custody_request(bad));
    bad[0] = 1;
    bad[1] = 7;
    EXPECT_FALSE(decode_custody_request(bad));
    CustodyRequest long_name = request();
    long_name.name = std::string(max_custody_name + 1, 'x');
    EXPECT_FALSE(fits(long_name));
    EXPECT_FALSE(decode_custody_request(encode(long_name).expose()));
    CustodyRequest long_place = request();
    long_place.secrets.tcti = std::string(HsmLocation::max_place + 1, 'x');
    EXPECT_FALSE(fits(long_place));
    EXPECT_EQ(perform_apart(long_place).error(), of_device(HsmError::bad_location));
    CustodyRequest odd_key = request();
    odd_key.key = SecretBuffer{31};
    EXPECT_FALSE(fits(odd_key));
    EXPECT_EQ(perform(std::move(odd_key)).error(), VaultError::malformed);
    CustodyRequest largest = request();
    largest.name = std::string(max_custody_name, 'x');
    largest.parameters = Bytes(VaultHeader::max_parameters);
    largest.secrets = {SecretBuffer{UnlockSecrets::max_passphrase}, std::string(HsmLocation::max_place, 'x'),
                       std::string(HsmLocation::max_place, 'x')};
    EXPECT_EQ(encode(largest).size(), most_custody_request);
    EXPECT_TRUE(decode_custody_request(encode(largest).expose()));
}

TEST(CustodyCodec, AnAnswerComesBack) {
    VaultKey key;
    key.expose_mutable()[0] = 9;
    const Result<Custody, VaultError> given{Custody{Bytes(3, 4), key.clone()}};
    const SecretBuffer encoded = encode(given);
    const auto back = decode_custody_answer(encoded.expose());
    ASSERT_TRUE(back && *back);
    EXPECT_TRUE((*back)->key->equals(key));
    EXPECT_EQ((*back)->parameters, Bytes(3, 4));
    const Result<Custody, VaultError> failed{fail(of_device(HsmError::wrong_pin))};
    EXPECT_EQ(decode_custody_answer(encode(failed).expose())->error(), of_device(HsmError::wrong_pin));
    EXPECT_FALSE(decode_custody_answer({}));
    EXPECT_FALSE(decode_custody_answer(Bytes{100, 0}));
    EXPECT_FALSE(decode_custody_answer(Bytes{255, 5, 1, 2, 3, 4, 5}));
    EXPECT_FALSE(decode_custody_answer(Bytes{0, 0, 0}));
}

}  // namespace
}  // namespace chat
