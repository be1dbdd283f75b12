// What B refuses in a bundle; each check of docs/protocol.md 5.3 by itself.

#include <gtest/gtest.h>

#include "hybrid_kex/key_exchange.hpp"
#include "support/kex_forger.hpp"

namespace chat {
namespace {

using test::StoredPair;
using test::TwoPeople;

class AcceptBundle : public testing::Test {
  protected:
    TwoPeople people_{1};
    test::Forger forger_{StoredPair::stranger, StoredPair::stranger_efk, people_.rng};
    Bundle bundle_ = std::move(*Bundle::decode(people_.start_a()->bundle.bytes));
    const IdentityPublic own_ = people_.identity_b->public_identity();

    /// What B says to bundle_; it must not be accepted, nor may an identity key have worked for it.
    [[nodiscard]] KexError refusal() { return refusal_of(bundle_.encode().bytes); }
    [[nodiscard]] KexError refusal_of(ByteView bytes) {
        test::FailingIdentityKeys watched{*people_.identity_b, 0};
        const auto b = accept_bundle(people_.context, watched, test::stored_signing_pair(StoredPair::efk_b),
                                     bytes, people_.rng);
        EXPECT_FALSE(b);
        EXPECT_EQ(watched.calls(), 0U);
        return b.error();
    }
    /// The same where B's identity keys come into it.
    [[nodiscard]] KexError late_refusal() { return people_.start_b(bundle_.encode().bytes).error(); }

    void show_identity(const falcon1024::PublicKey& falcon, const Ed25519PublicKey& ed25519,
                       const X25519PublicKey& x25519, const MlKem1024EncapsulationKey& mlkem) {
        bundle_.identity = IdentityPublic{falcon, ed25519, x25519, mlkem};
    }
};

TEST_F(AcceptBundle, TakesAnHonestOne) { EXPECT_TRUE(people_.start_b(bundle_.encode().bytes)); }

TEST_F(AcceptBundle, TakesAStrangersWithoutInvite) {
    forger_.sign(bundle_, people_.context);
    EXPECT_TRUE(people_.start_b(bundle_.encode().bytes));
}

TEST_F(AcceptBundle, RefusesAnotherLength) {
    const BundleBytes bytes = bundle_.encode();
    EXPECT_EQ(refusal_of(bytes.view().first(bundle_size - 1)), KexError::bundle_length);
    EXPECT_EQ(refusal_of({}), KexError::bundle_length);
}

TEST_F(AcceptBundle, RefusesMalformedKeys) {
    const auto with_ones_at = [&](std::size_t offset) {
        BundleBytes bytes = bundle_.encode();
        std::fill_n(bytes.bytes.begin() + static_cast<std::ptrdiff_t>(offset), 3, u8{0xFF});
        return refusal_of(bytes.bytes);
    };
    EXPECT_EQ(with_ones_at(0), KexError::bad_identity_falcon_key);
    EXPECT_EQ(with_ones_at(1857), KexError::bad_identity_mlkem_key);
    EXPECT_EQ(with_ones_at(3457), KexError::bad_signed_mlkem_prekey);
    EXPECT_EQ(with_ones_at(5025), KexError::bad_ephemeral_signing_key);
}

TEST_F(AcceptBundle, RefusesBsOwnIdentityKeys) {
    const IdentityPublic a = bundle_.identity;
    show_identity(own_.falcon(), a.ed25519(), a.x25519(), a.mlkem());
    EXPECT_EQ(refusal(), KexError::reflected_identity_falcon_key);
    show_identity(a.falcon(), own_.ed25519(), a.x25519(), a.mlkem());
    EXPECT_EQ(refusal(), KexError::reflected_identity_ed25519_key);
    show_identity(a.falcon(), a.ed25519(), own_.x25519(), a.mlkem());
    EXPECT_EQ(refusal(), KexError::reflected_identity_x25519_key);
    show_identity(a.falcon(), a.ed25519(), a.x25519(), own_.mlkem());
    EXPECT_EQ(refusal(), KexError::reflected_identity_mlkem_key);
}

TEST_F(AcceptBundle, RefusesAnX25519KeyThatDiffersInTheIgnoredBitOnly) {
    bundle_.signed_prekey = own_.x25519();
    bundle_.signed_prekey.bytes.back() ^= 0x80U;
    EXPECT_EQ(refusal(), KexError::reflected_ephemeral_x25519_key);
}

TEST_F(AcceptBundle, RefusesBsOwnKeysAsEphemeralOnes) {
    const Bundle honest = bundle_;
    bundle_.ephemeral_signing_key = test::stored_pair(StoredPair::efk_b).public_key;
    EXPECT_EQ(refusal(), KexError::reflected_ephemeral_signing_key);
    bundle_.ephemeral_signing_key = own_.falcon();
    EXPECT_EQ(refusal(), KexError::reflected_ephemeral_signing_key);
    bundle_ = honest;
    bundle_.signed_prekey = own_.x25519();
    EXPECT_EQ(refusal(), KexError::reflected_ephemeral_x25519_key);
    bundle_ = honest;
    bundle_.signed_kem_prekey = own_.mlkem();
    EXPECT_EQ(refusal(), KexError::reflected_ephemeral_mlkem_key);
}

TEST_F(AcceptBundle, RefusesBsEphemeralSigningKeyAsAnIdentityKey) {
    const IdentityPublic a = bundle_.identity;
    show_identity(test::stored_pair(StoredPair::efk_b).public_key, a.ed25519(), a.x25519(), a.mlkem());
    EXPECT_EQ(refusal(), KexError::reflected_identity_falcon_key);
}

TEST_F(AcceptBundle, RefusesABadFalconSignature) {
    bundle_.signature.bytes[200] ^= 1U;
    EXPECT_EQ(refusal(), KexError::bad_identity_falcon_signature);
}

TEST_F(AcceptBundle, RefusesABadEd25519Signature) {
    bundle_.signature.bytes[1290] ^= 1U;
    EXPECT_EQ(refusal(), KexError::bad_identity_ed25519_signature);
}

TEST_F(AcceptBundle, RefusesOneMadeForAnotherChannel) {
    const KexContext honest = people_.context;
    people_.context.bootstrap_transcript.bytes[0] ^= 1U;
    EXPECT_EQ(refusal(), KexError::bad_identity_falcon_signature);
    people_.context = honest;
    people_.context.tls_exporter.bytes[0] ^= 1U;
    EXPECT_EQ(refusal(), KexError::bad_identity_falcon_signature);
}

TEST_F(AcceptBundle, RefusesOneMadeWithAnotherExpectationOfB) {
    people_.use_invite();  // A, without an invite, expected nobody
    EXPECT_EQ(refusal(), KexError::bad_identity_falcon_signature);
    const auto invited = people_.start_a();
    EXPECT_TRUE(people_.start_b(invited->bundle.bytes));
    people_.context.invited_identity.reset();
    EXPECT_EQ(refusal_of(invited->bundle.bytes), KexError::bad_identity_falcon_signature);
}

TEST_F(AcceptBundle, RefusesASignedPrekeyOfSmallOrder) {
    bundle_.signed_prekey = X25519PublicKey{};
    forger_.sign(bundle_, people_.context);
    EXPECT_EQ(late_refusal(), KexError::zero_dh1);
}

TEST_F(AcceptBundle, RefusesAnX25519IdentityOfSmallOrder) {
    forger_.show(X25519PublicKey{});
    forger_.sign(bundle_, people_.context);
    EXPECT_EQ(late_refusal(), KexError::zero_dh2);
}

TEST_F(AcceptBundle, SaysWhenItsIdentityKeysAreOutOfReach) {
    for (const std::size_t call : {1U, 2U}) {  // agree, sign
        test::FailingIdentityKeys keys{*people_.identity_b, call};
        const auto b = accept_bundle(people_.context, keys, test::stored_signing_pair(StoredPair::efk_b),
                                     bundle_.encode().bytes, people_.rng);
        EXPECT_EQ(b.error(), KexError::identity_keys_unavailable);
        EXPECT_EQ(keys.calls(), call);
    }
}

}  // namespace
}  // namespace chat
