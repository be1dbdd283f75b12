#include "hybrid_kex/messages.hpp"

#include <gtest/gtest.h>

#include "support/kex_fixtures.hpp"

namespace chat {
namespace {

using test::StoredPair;

class Messages : public testing::Test {
  protected:
    test::SeededRng rng_{1};
    const std::unique_ptr<SoftwareIdentityKeys> keys_ = test::stored_identity(StoredPair::identity_a, rng_);
    const falcon1024::PublicKey efk_ = test::stored_pair(StoredPair::efk_a).public_key;
    const IdentityPublic& identity_ = keys_->public_identity();

    // The codec looks at keys only, so random signatures do.
    const Bundle bundle_{identity_, rng_.bytes<X25519PublicKey>(), identity_.mlkem(),
                         efk_,      rng_.bytes<SasCommitment>(),   rng_.bytes<CompositeSignature>()};
    const Init init_{identity_,
                     efk_,
                     rng_.bytes<X25519PublicKey>(),
                     identity_.mlkem(),
                     rng_.bytes<MlKem1024Ciphertext>(),
                     rng_.bytes<MlKem1024Ciphertext>(),
                     rng_.bytes<SasNonceB>(),
                     rng_.bytes<CompositeSignature>(),
                     rng_.bytes<falcon1024::PaddedSignature>(),
                     rng_.bytes<KexMac>()};
    const Resp resp_{rng_.bytes<X25519PublicKey>(),
                     rng_.bytes<MlKem1024Ciphertext>(),
                     rng_.bytes<MlKem1024Ciphertext>(),
                     rng_.bytes<OpenedSasNonceA>(),
                     rng_.bytes<falcon1024::PaddedSignature>(),
                     rng_.bytes<KexMac>()};
};

Bytes copy(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

TEST_F(Messages, BundleHasItsFieldsInOrder) {
    Bytes expected = copy(identity_.encoded().bytes);
    append(expected, bundle_.signed_prekey.bytes);
    append(expected, bundle_.signed_kem_prekey.bytes);
    append(expected, efk_.bytes);
    append(expected, bundle_.sas_commitment.bytes);
    append(expected, bundle_.signature.bytes);
    EXPECT_EQ(copy(bundle_.encode().bytes), expected);
    EXPECT_EQ(expected.size(), 8194U);
}

TEST_F(Messages, InitHasItsFieldsInOrder) {
    Bytes expected = copy(identity_.encoded().bytes);
    append(expected, efk_.bytes);
    append(expected, init_.ephemeral_key.bytes);
    append(expected, init_.ephemeral_kem_key.bytes);
    append(expected, init_.ct1.bytes);
    append(expected, init_.ct2.bytes);
    append(expected, init_.sas_nonce_b.bytes);
    append(expected, init_.signature.bytes);
    EXPECT_EQ(expected.size(), Init::binding_offset);
    append(expected, init_.ec_pq_binding.bytes);
    EXPECT_EQ(expected.size(), Init::mac_offset);
    append(expected, init_.mac.bytes);
    EXPECT_EQ(copy(init_.encode().bytes), expected);
    EXPECT_EQ(expected.size(), 12642U);
}

TEST_F(Messages, RespHasItsFieldsInOrder) {
    Bytes expected = copy(resp_.ephemeral_key.bytes);
    append(expected, resp_.ct3.bytes);
    append(expected, resp_.ct4.bytes);
    append(expected, resp_.sas_nonce_a.bytes);
    EXPECT_EQ(expected.size(), Resp::binding_offset);
    append(expected, resp_.ec_pq_binding.bytes);
    EXPECT_EQ(expected.size(), Resp::mac_offset);
    append(expected, resp_.mac.bytes);
    EXPECT_EQ(copy(resp_.encode().bytes), expected);
    EXPECT_EQ(expected.size(), 4512U);
}

TEST_F(Messages, ComeBackFromTheirEncoding) {
    const auto bundle = Bundle::decode(bundle_.encode().bytes);
    ASSERT_TRUE(bundle);
    EXPECT_EQ(bundle->encode(), bundle_.encode());
    EXPECT_EQ(bundle->signature, bundle_.signature);
    const auto init = Init::decode(init_.encode().bytes);
    ASSERT_TRUE(init);
    EXPECT_EQ(init->encode(), init_.encode());
    EXPECT_EQ(init->mac, init_.mac);
    const auto resp = Resp::decode(resp_.encode().bytes);
    ASSERT_TRUE(resp);
    EXPECT_EQ(resp->encode(), resp_.encode());
    EXPECT_EQ(resp->mac, resp_.mac);
}

template <class Message>
void expect_exact_length(const Bytes& honest, KexError error) {
    Bytes longer = honest;
    longer.push_back(0);
    EXPECT_EQ(Message::decode(longer).error(), error);
    Bytes shorter = honest;
    shorter.pop_back();
    EXPECT_EQ(Message::decode(shorter).error(), error);
    EXPECT_EQ(Message::decode({}).error(), error);
}

TEST_F(Messages, RefuseEveryOtherLength) {
    expect_exact_length<Bundle>(copy(bundle_.encode().bytes), KexError::bundle_length);
    expect_exact_length<Init>(copy(init_.encode().bytes), KexError::init_length);
    expect_exact_length<Resp>(copy(resp_.encode().bytes), KexError::resp_length);
}

/// What decode says when three bytes at `offset` are all ones, which is beyond both moduli.
template <class Message>
KexError error_with_ones_at(Bytes bytes, std::size_t offset) {
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), 3, u8{0xFF});
    const auto decoded = Message::decode(bytes);
    return decoded ? KexError::identity_keys_unavailable : decoded.error();
}

TEST_F(Messages, RefuseMalformedKeysInBundle) {
    const Bytes bytes = copy(bundle_.encode().bytes);
    EXPECT_EQ(error_with_ones_at<Bundle>(bytes, 0), KexError::bad_identity_falcon_key);
    EXPECT_EQ(error_with_ones_at<Bundle>(bytes, 1857), KexError::bad_identity_mlkem_key);
    EXPECT_EQ(error_with_ones_at<Bundle>(bytes, 3457), KexError::bad_signed_mlkem_prekey);
    EXPECT_EQ(error_with_ones_at<Bundle>(bytes, 5025), KexError::bad_ephemeral_signing_key);
}

TEST_F(Messages, RefuseMalformedKeysInInit) {
    const Bytes bytes = copy(init_.encode().bytes);
    EXPECT_EQ(error_with_ones_at<Init>(bytes, 0), KexError::bad_identity_falcon_key);
    EXPECT_EQ(error_with_ones_at<Init>(bytes, 1857), KexError::bad_identity_mlkem_key);
    EXPECT_EQ(error_with_ones_at<Init>(bytes, 3425), KexError::bad_ephemeral_signing_key);
    EXPECT_EQ(error_with_ones_at<Init>(bytes, 5250), KexError::bad_ephemeral_mlkem_key);
}

}  // namespace
}  // namespace chat
