#include "hybrid_kex/hardware_endorsement.hpp"

#include <gtest/gtest.h>

#include "support/p384_signer.hpp"

namespace chat {
namespace {

HardwareEndorsement some_endorsement() {
    HardwareEndorsement out;
    out.role = Role::b;
    out.session_id.bytes.fill(0x11);
    out.identity.bytes.fill(0x22);
    return out;
}

TEST(HardwareEndorsement, IsWhatItWasEncodedFrom) {
    const HardwareEndorsement endorsement = some_endorsement();
    const Bytes encoded = encode(endorsement);
    ASSERT_EQ(encoded.size(), 65U);
    const auto decoded = decode_endorsement(encoded);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, endorsement);
}

TEST(HardwareEndorsement, RefusesEveryOtherLengthAndRole) {
    const Bytes good = encode(some_endorsement());
    for (std::size_t size = 0; size < good.size() + 3; ++size) {
        if (size == good.size()) continue;
        Bytes changed = good;
        changed.resize(size);
        const auto decoded = decode_endorsement(changed);
        ASSERT_FALSE(decoded) << size;
        EXPECT_EQ(decoded.error(), EndorsementError::wrong_length) << size;
    }
    for (unsigned role = 0; role < 256; ++role) {
        Bytes changed = good;
        changed[0] = static_cast<u8>(role);
        const auto decoded = decode_endorsement(changed);
        if (role == 'A' || role == 'B') {
            EXPECT_TRUE(decoded);
        } else {
            ASSERT_FALSE(decoded) << role;
            EXPECT_EQ(decoded.error(), EndorsementError::bad_role);
        }
    }
}

TEST(HardwareEndorsement, HoldsForOneSessionIdentitySideAndKey) {
    const test::P384Signer signer;
    const auto key = signer.public_key();
    const HardwareEndorsement good = some_endorsement();
    const auto signature = signer.sign(signed_bytes(good, key));
    EXPECT_TRUE(verify(good, key, signature));

    const auto refused = [&](const HardwareEndorsement& endorsement, const EcdsaP384PublicKey& under) {
        const auto verified = verify(endorsement, under, signature);
        ASSERT_FALSE(verified);
        EXPECT_EQ(verified.error(), EndorsementError::bad_signature);
    };
    HardwareEndorsement other = good;
    other.role = Role::a;
    refused(other, key);
    other = good;
    other.session_id.bytes[31] ^= 1;
    refused(other, key);
    other = good;
    other.identity.bytes[0] ^= 1;
    refused(other, key);
    refused(good, test::P384Signer{}.public_key());
    // The key stands in the signed bytes, too: a signature made without it does not do.
    const auto without = verify(good, key, signer.sign(encode(good)));
    ASSERT_FALSE(without);
    EXPECT_EQ(without.error(), EndorsementError::bad_signature);

    EcdsaP384PublicKey no_point = key;
    no_point.bytes[96] ^= 1;
    const auto bad_key = verify(good, no_point, signature);
    ASSERT_FALSE(bad_key);
    EXPECT_EQ(bad_key.error(), EndorsementError::bad_key);
}

TEST(HardwareEndorsement, HasTheBytesOfTheTable) {
    const test::P384Signer signer;
    const auto key = signer.public_key();
    const Bytes bytes = signed_bytes(some_endorsement(), key);
    // u32 length | label 34 | u32 length | suite 83 | H(key) 64 | role 1 | session id 32 | fingerprint 32
    ASSERT_EQ(bytes.size(), 4U + 34U + 4U + 83U + 64U + 1U + 32U + 32U);
    EXPECT_EQ(std::string(bytes.begin() + 4, bytes.begin() + 38), "secure-p2p v1 hardware endorsement");
}

}  // namespace
}  // namespace chat
