#include "hybrid_kex/software_identity_keys.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/kex_fixtures.hpp"

namespace chat {
namespace {

using test::StoredPair;

RotationStatement some_statement(Rng& rng) {
    return {Role::a, rng.bytes<SessionIdBytes>(), rng.bytes<Fingerprint>(), 0,
            test::stored_pair(StoredPair::efk_a).public_key};
}

TEST(SoftwareIdentityKeys, SignSoThatThePublicIdentityVerifies) {
    test::SeededRng rng{1};
    const auto keys = test::stored_identity(StoredPair::identity_a, rng);
    const RotationStatement statement = some_statement(rng);
    const auto signature = keys->sign(statement);
    ASSERT_TRUE(signature);
    EXPECT_TRUE(verify_composite(keys->public_identity(), signed_bytes(statement, keys->public_identity()),
                                 *signature));
}

TEST(SoftwareIdentityKeys, AgreeWithWhoeverHasThePublicKey) {
    test::SeededRng rng{2};
    const auto keys = test::stored_identity(StoredPair::identity_a, rng);
    const x25519::KeyPair peer = x25519::generate(rng);
    const auto ours = keys->agree(peer.public_key);
    const auto theirs = x25519::agree(peer.private_key, keys->public_identity().x25519());
    ASSERT_TRUE(ours);
    ASSERT_TRUE(theirs);
    EXPECT_TRUE(ours->equals(*theirs));
}

TEST(SoftwareIdentityKeys, RefuseAPointOfSmallOrder) {
    test::SeededRng rng{3};
    const auto keys = test::stored_identity(StoredPair::identity_a, rng);
    EXPECT_EQ(keys->agree(X25519PublicKey{}).error(), KeyError::all_zero_shared_secret);
}

TEST(SoftwareIdentityKeys, DecapsulateWhatWasMadeForThem) {
    test::SeededRng rng{4};
    const auto keys = test::stored_identity(StoredPair::identity_a, rng);
    auto made = mlkem1024::encapsulate(keys->public_identity().mlkem(), rng);
    ASSERT_TRUE(made);
    const auto opened = keys->decapsulate(made->ciphertext);
    ASSERT_TRUE(opened);
    EXPECT_TRUE(opened->equals(made->shared_secret));
    made->ciphertext.bytes[0] ^= 1U;
    const auto rejected = keys->decapsulate(made->ciphertext);
    ASSERT_TRUE(rejected);
    EXPECT_FALSE(rejected->equals(made->shared_secret));
}

TEST(SoftwareIdentityKeys, StayWholeWhenRandomnessFailsWhileSigning) {
    test::SeededRng source{5};
    test::StoredFalconPair falcon = test::stored_pair(StoredPair::identity_a);
    test::FailingRng failing{source, 1};
    SoftwareIdentityKeys keys{
        IdentitySecrets{std::move(falcon.secret_key), ed25519::generate(source).private_key,
                        x25519::generate(source).private_key, mlkem1024::generate(source).seed},
        falcon.public_key, failing};
    const IdentityPublic before = keys.public_identity();
    EXPECT_THROW((void)keys.sign(some_statement(source)), RngFailure);
    EXPECT_EQ(keys.public_identity(), before);
}

TEST(SoftwareIdentityKeys, AreMadeFreshAndUsable) {
    test::SeededRng rng{6};
    const auto one = SoftwareIdentityKeys::generate(rng);
    const auto other = SoftwareIdentityKeys::generate(rng);
    EXPECT_NE(fingerprint(one->public_identity()), fingerprint(other->public_identity()));
    EXPECT_TRUE(IdentityPublic::decode(one->public_identity().encoded().bytes));
    const RotationStatement statement = some_statement(rng);
    const auto signature = one->sign(statement);
    ASSERT_TRUE(signature);
    EXPECT_TRUE(verify_composite(one->public_identity(), signed_bytes(statement, one->public_identity()),
                                 *signature));
}

TEST(SoftwareIdentityKeys, MakeNothingWhenRandomnessFails) {
    for (std::size_t call = 1;; ++call) {
        test::SeededRng source{7};
        test::FailingRng failing{source, call};
        const std::size_t secrets_before = guarded_memory::usage().live_secrets;
        try {
            (void)SoftwareIdentityKeys::generate(failing);
        } catch (const RngFailure&) {
        }
        EXPECT_EQ(guarded_memory::usage().live_secrets, secrets_before);
        if (!failing.has_failed()) {
            EXPECT_EQ(call, 5U);  // FALCON, Ed25519, X25519 and ML-KEM draw once each
            break;
        }
    }
}

TEST(EphemeralSigningPair, BelongsToItsSeed) {
    test::SeededRng rng{8};
    EphemeralSigningPair made = make_ephemeral_signing_pair(rng);
    const EphemeralSigningPair again = make_ephemeral_signing_pair(made.seed.clone());
    EXPECT_EQ(again.public_key, made.public_key);
    const Bytes message{1, 2, 3};
    EXPECT_TRUE(falcon1024::verify(again.public_key, message,
                                   falcon1024::sign_padded(made.signing_key, message, rng)));
}

TEST(EphemeralSigningPair, StoredOnesAreThoseOfTheirSeeds) {
    const EphemeralSigningPair stored = test::stored_signing_pair(StoredPair::efk_a);
    EXPECT_EQ(make_ephemeral_signing_pair(stored.seed.clone()).public_key, stored.public_key);
}

TEST(KeyError, HasALineForEach) {
    std::set<std::string_view> texts;
    for (const auto error :
         {KeyError::unavailable, KeyError::refused, KeyError::all_zero_shared_secret, KeyError::no_room}) {
        texts.insert(describe(error));
    }
    EXPECT_EQ(texts.size(), 4U);
}

}  // namespace
}  // namespace chat
