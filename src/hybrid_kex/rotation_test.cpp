#include "hybrid_kex/rotation.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/kex_fixtures.hpp"

namespace chat {
namespace {

using test::StoredPair;

class Rotation : public testing::Test {
  protected:
    test::SeededRng rng_{1};
    const std::unique_ptr<SoftwareIdentityKeys> old_ = test::stored_identity(StoredPair::identity_a, rng_);
    const std::unique_ptr<SoftwareIdentityKeys> next_ = test::stored_identity(StoredPair::next_a, rng_);
    const std::unique_ptr<SoftwareIdentityKeys> peer_ = test::stored_identity(StoredPair::identity_b, rng_);
    const falcon1024::PublicKey efk_ = test::stored_pair(StoredPair::efk_a).public_key;

    RotationContext context_{
        Role::a, rng_.bytes<SessionIdBytes>(), old_->public_identity(), peer_->public_identity(), 3, efk_};

    [[nodiscard]] RotationStatement statement() const {
        return {context_.sender, context_.session_id, fingerprint(context_.old_identity), context_.efk_index,
                context_.efk};
    }
    [[nodiscard]] RotationMessage message() { return *make_rotation(*next_, statement()); }
};

TEST_F(Rotation, IsAcceptedWhereItWasMadeFor) {
    const RotationMessage made = message();
    EXPECT_EQ(made.new_identity, next_->public_identity());
    EXPECT_TRUE(verify_rotation(made, context_));
}

TEST_F(Rotation, ComesBackFromIts4769Bytes) {
    const RotationMessage made = message();
    const RotationBytes bytes = made.encode();
    EXPECT_EQ(bytes.bytes.size(), 4769U);
    const auto decoded = RotationMessage::decode(bytes.bytes);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->new_identity, made.new_identity);
    EXPECT_EQ(decoded->signature, made.signature);
}

TEST_F(Rotation, RefusesAnyOtherLength) {
    const RotationBytes bytes = message().encode();
    Bytes longer(bytes.bytes.begin(), bytes.bytes.end());
    longer.push_back(0);
    EXPECT_EQ(RotationMessage::decode(longer).error(), RotationError::wrong_length);
    longer.resize(rotation_size - 1);
    EXPECT_EQ(RotationMessage::decode(longer).error(), RotationError::wrong_length);
}

TEST_F(Rotation, RefusesMalformedKeys) {
    RotationBytes bytes = message().encode();
    bytes.bytes[0] = 0;
    EXPECT_EQ(RotationMessage::decode(bytes.bytes).error(), RotationError::bad_falcon_key);
    bytes = message().encode();
    std::fill_n(bytes.bytes.begin() + 1857, 3, u8{0xFF});
    EXPECT_EQ(RotationMessage::decode(bytes.bytes).error(), RotationError::bad_mlkem_key);
}

TEST_F(Rotation, BelongsToItsSession) {
    const RotationMessage made = message();
    context_.session_id.bytes[0] ^= 1U;
    EXPECT_EQ(verify_rotation(made, context_).error(), RotationError::bad_falcon_signature);
}

TEST_F(Rotation, BelongsToTheOldIdentity) {
    const RotationMessage made = message();
    context_.old_identity = test::stored_identity(StoredPair::stranger, rng_)->public_identity();
    EXPECT_EQ(verify_rotation(made, context_).error(), RotationError::bad_falcon_signature);
}

TEST_F(Rotation, BelongsToTheEfkAndItsIndex) {
    const RotationMessage made = message();
    context_.efk_index = 4;
    EXPECT_EQ(verify_rotation(made, context_).error(), RotationError::bad_falcon_signature);
    context_.efk_index = 3;
    context_.efk = test::stored_pair(StoredPair::efk_b).public_key;
    EXPECT_EQ(verify_rotation(made, context_).error(), RotationError::bad_falcon_signature);
}

TEST_F(Rotation, BelongsToTheSendersRole) {
    const RotationMessage made = message();
    context_.sender = Role::b;
    EXPECT_EQ(verify_rotation(made, context_).error(), RotationError::bad_falcon_signature);
}

TEST_F(Rotation, NeedsTheEd25519Half) {
    RotationMessage made = message();
    made.signature.bytes.back() ^= 1U;
    EXPECT_EQ(verify_rotation(made, context_).error(), RotationError::bad_ed25519_signature);
}

TEST_F(Rotation, CoversEveryKeyOfTheNewIdentity) {
    const RotationMessage made = message();
    const IdentityPublic& honest = made.new_identity;
    const IdentityPublic other = test::stored_identity(StoredPair::stranger, rng_)->public_identity();
    const std::array<IdentityPublic, 4> mixed{
        IdentityPublic{other.falcon(), honest.ed25519(), honest.x25519(), honest.mlkem()},
        IdentityPublic{honest.falcon(), other.ed25519(), honest.x25519(), honest.mlkem()},
        IdentityPublic{honest.falcon(), honest.ed25519(), other.x25519(), honest.mlkem()},
        IdentityPublic{honest.falcon(), honest.ed25519(), honest.x25519(), other.mlkem()}};
    for (const IdentityPublic& identity : mixed) {
        EXPECT_EQ(verify_rotation({identity, made.signature}, context_).error(),
                  RotationError::bad_falcon_signature);
    }
}

TEST_F(Rotation, MustBringNewKeys) {
    const auto made = make_rotation(*old_, statement());
    ASSERT_TRUE(made);
    EXPECT_EQ(verify_rotation(*made, context_).error(), RotationError::same_identity);
}

TEST_F(Rotation, MustNotBringTheReceiversKeys) {
    const auto made = make_rotation(*peer_, statement());
    ASSERT_TRUE(made);
    EXPECT_EQ(verify_rotation(*made, context_).error(), RotationError::own_identity);
}

TEST_F(Rotation, SaysWhenTheNewKeysAreOutOfReach) {
    test::FailingIdentityKeys keys{*next_, 1};
    EXPECT_EQ(make_rotation(keys, statement()).error(), KeyError::unavailable);
    test::FailingIdentityKeys refusing{*next_, 1, KeyError::refused};
    EXPECT_EQ(make_rotation(refusing, statement()).error(), KeyError::refused);
}

TEST(RotationError, HasALineForEach) {
    std::set<std::string_view> texts;
    for (u8 i = 0; i <= static_cast<u8>(RotationError::bad_ed25519_signature); ++i) {
        texts.insert(describe(static_cast<RotationError>(i)));
    }
    EXPECT_EQ(texts.size(), 7U);
}

}  // namespace
}  // namespace chat
