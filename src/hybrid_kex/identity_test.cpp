#include "hybrid_kex/identity.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/wire_reader.hpp"
#include "crypto/info.hpp"
#include "support/kex_fixtures.hpp"

namespace chat {
namespace {

using test::StoredPair;

class Identity : public testing::Test {
  protected:
    test::SeededRng rng_{1};
    std::unique_ptr<SoftwareIdentityKeys> keys_ = test::stored_identity(StoredPair::identity_a, rng_);
    const RotationStatement statement_{Role::a, rng_.bytes<SessionIdBytes>(), rng_.bytes<Fingerprint>(), 7,
                                       test::stored_pair(StoredPair::efk_a).public_key};
    const Bytes message_ = signed_bytes(statement_, keys_->public_identity());
    CompositeSignature signature_ = *keys_->sign(statement_);

    [[nodiscard]] Bytes encoded() const {
        const auto& bytes = keys_->public_identity().encoded().bytes;
        return {bytes.begin(), bytes.end()};
    }
};

TEST_F(Identity, IsFourKeysInOrder) {
    const IdentityPublic& identity = keys_->public_identity();
    Bytes joined;
    append(joined, identity.falcon().bytes);
    append(joined, identity.ed25519().bytes);
    append(joined, identity.x25519().bytes);
    append(joined, identity.mlkem().bytes);
    EXPECT_EQ(joined, encoded());
    EXPECT_EQ(joined.size(), 3425U);
}

TEST_F(Identity, DecodesToItself) {
    const auto decoded = IdentityPublic::decode(encoded());
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, keys_->public_identity());
}

TEST_F(Identity, RefusesAnyOtherLength) {
    Bytes bytes = encoded();
    bytes.push_back(0);
    EXPECT_EQ(IdentityPublic::decode(bytes).error(), IdentityError::wrong_length);
    bytes.resize(identity_public_size - 1);
    EXPECT_EQ(IdentityPublic::decode(bytes).error(), IdentityError::wrong_length);
    EXPECT_EQ(IdentityPublic::decode({}).error(), IdentityError::wrong_length);
}

TEST_F(Identity, RefusesAMalformedFalconKey) {
    Bytes bytes = encoded();
    bytes[0] = 0x09;
    EXPECT_EQ(IdentityPublic::decode(bytes).error(), IdentityError::bad_falcon_key);
    bytes[0] = 0x0A;
    bytes[1] = 0xFF;  // a coefficient not below q
    bytes[2] = 0xFF;
    EXPECT_EQ(IdentityPublic::decode(bytes).error(), IdentityError::bad_falcon_key);
}

TEST_F(Identity, RefusesAnMlKemKeyBeyondTheModulus) {
    Bytes bytes = encoded();
    bytes[1857] = 0xFF;
    bytes[1858] = 0xFF;
    EXPECT_EQ(IdentityPublic::decode(bytes).error(), IdentityError::bad_mlkem_key);
}

TEST_F(Identity, HasTheHalfHashOfLabelAndKeysAsFingerprint) {
    Bytes labelled{0, 0, 0, static_cast<u8>(info::fingerprint.size())};
    append(labelled, bytes_of(info::fingerprint));
    append(labelled, encoded());
    const Sha512Digest digest = sha512(labelled);
    EXPECT_TRUE(std::equal(digest.bytes.begin(), digest.bytes.begin() + 32,
                           fingerprint(keys_->public_identity()).bytes.begin()));
}

TEST_F(Identity, SignsWithBothKeys) {
    EXPECT_TRUE(verify_composite(keys_->public_identity(), message_, signature_));
    WireReader halves{signature_.bytes};
    EXPECT_TRUE(falcon1024::verify(keys_->public_identity().falcon(), message_,
                                   halves.read_bytes<falcon1024::PaddedSignature>()));
    EXPECT_TRUE(
        ed25519::verify(keys_->public_identity().ed25519(), message_, halves.read_bytes<Ed25519Signature>()));
}

TEST_F(Identity, NeedsTheFalconHalf) {
    signature_.bytes[100] ^= 1U;
    EXPECT_EQ(verify_composite(keys_->public_identity(), message_, signature_).error(),
              IdentityError::bad_falcon_signature);
}

TEST_F(Identity, NeedsTheEd25519Half) {
    signature_.bytes[1300] ^= 1U;
    EXPECT_EQ(verify_composite(keys_->public_identity(), message_, signature_).error(),
              IdentityError::bad_ed25519_signature);
}

TEST_F(Identity, DoesNotAcceptHalvesOfTwoSignatures) {
    RotationStatement other = statement_;
    other.efk_index = 8;
    const CompositeSignature second = *keys_->sign(other);
    CompositeSignature mixed = signature_;
    std::copy(second.bytes.begin() + 1280, second.bytes.end(), mixed.bytes.begin() + 1280);
    EXPECT_EQ(verify_composite(keys_->public_identity(), message_, mixed).error(),
              IdentityError::bad_ed25519_signature);
}

TEST_F(Identity, RefusesAnEd25519KeyOfSmallOrder) {
    Ed25519PublicKey neutral{};
    neutral.bytes[0] = 1;
    const IdentityPublic& honest = keys_->public_identity();
    const IdentityPublic weak{honest.falcon(), neutral, honest.x25519(), honest.mlkem()};
    Ed25519Signature fits_anything{};
    fits_anything.bytes[0] = 1;
    WireReader halves{signature_.bytes};
    const auto forged = compose(halves.read_bytes<falcon1024::PaddedSignature>(), fits_anything);
    EXPECT_EQ(verify_composite(weak, message_, forged).error(), IdentityError::bad_ed25519_signature);
}

TEST(IdentityError, HasALineForEach) {
    std::set<std::string_view> texts;
    for (const auto error :
         {IdentityError::wrong_length, IdentityError::bad_falcon_key, IdentityError::bad_mlkem_key,
          IdentityError::bad_falcon_signature, IdentityError::bad_ed25519_signature}) {
        texts.insert(describe(error));
    }
    EXPECT_EQ(texts.size(), 5U);
}

}  // namespace
}  // namespace chat
