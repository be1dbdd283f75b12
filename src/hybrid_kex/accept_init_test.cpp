// What A refuses in an init; each check of docs/protocol.md 5.3 by itself.

#include <gtest/gtest.h>

#include "hybrid_kex/key_exchange.hpp"
#include "hybrid_kex/key_schedule.hpp"
#include "support/kex_forger.hpp"

namespace chat {
namespace {

using test::StoredPair;
using test::TwoPeople;

class AcceptInit : public testing::Test {
  protected:
    TwoPeople people_{1};
    test::Forger forger_{StoredPair::stranger, StoredPair::stranger_efk, people_.rng};
    test::FailingIdentityKeys keys_a_{*people_.identity_a, 0};
    StartedA a_ = start(keys_a_);
    Init init_ = std::move(*Init::decode(people_.start_b(a_.bundle.bytes)->init.bytes));
    const IdentityPublic own_ = people_.identity_a->public_identity();
    const Bundle bundle_ = *Bundle::decode(a_.bundle.bytes);

    [[nodiscard]] StartedA start(IdentityKeys& keys) {
        return std::move(
            *start_as_a(people_.context, keys, test::stored_signing_pair(StoredPair::efk_a), people_.rng));
    }
    /// What A says to init_, which uses A up.
    [[nodiscard]] KexError late_refusal() {
        const auto agreed = std::move(a_.next).accept_init(init_.encode().bytes, people_.rng);
        EXPECT_FALSE(agreed);
        return agreed.error();
    }
    /// The same, and no identity key worked for the message.
    [[nodiscard]] KexError refusal() {
        const std::size_t calls_before = keys_a_.calls();
        const KexError error = late_refusal();
        EXPECT_EQ(keys_a_.calls(), calls_before);
        return error;
    }
    [[nodiscard]] KexError refusal_of(const Init& init) {
        init_ = init;
        a_ = start(keys_a_);
        return refusal();
    }
    [[nodiscard]] Init with_identity(const falcon1024::PublicKey& falcon, const Ed25519PublicKey& ed25519,
                                     const X25519PublicKey& x25519,
                                     const MlKem1024EncapsulationKey& mlkem) const {
        Init out = init_;
        out.identity = IdentityPublic{falcon, ed25519, x25519, mlkem};
        return out;
    }
    void forge() { forger_.sign(init_, people_.context, bundle_hash(a_.bundle)); }
};

TEST_F(AcceptInit, TakesAnHonestOne) {
    EXPECT_TRUE(std::move(a_.next).accept_init(init_.encode().bytes, people_.rng));
}

TEST_F(AcceptInit, RefusesAnotherLength) {
    const InitBytes bytes = init_.encode();
    EXPECT_EQ(std::move(a_.next).accept_init(bytes.view().first(init_size - 1), people_.rng).error(),
              KexError::init_length);
}

TEST_F(AcceptInit, RefusesMalformedKeys) {
    const InitBytes honest = init_.encode();
    const auto with_ones_at = [&](std::size_t offset) {
        InitBytes bytes = honest;
        std::fill_n(bytes.bytes.begin() + static_cast<std::ptrdiff_t>(offset), 3, u8{0xFF});
        return std::move(start(keys_a_).next).accept_init(bytes.bytes, people_.rng).error();
    };
    EXPECT_EQ(with_ones_at(0), KexError::bad_identity_falcon_key);
    EXPECT_EQ(with_ones_at(1857), KexError::bad_identity_mlkem_key);
    EXPECT_EQ(with_ones_at(3425), KexError::bad_ephemeral_signing_key);
    EXPECT_EQ(with_ones_at(5250), KexError::bad_ephemeral_mlkem_key);
}

TEST_F(AcceptInit, RefusesAsOwnIdentityKeys) {
    const IdentityPublic b = init_.identity;
    EXPECT_EQ(refusal_of(with_identity(own_.falcon(), b.ed25519(), b.x25519(), b.mlkem())),
              KexError::reflected_identity_falcon_key);
    EXPECT_EQ(refusal_of(with_identity(b.falcon(), own_.ed25519(), b.x25519(), b.mlkem())),
              KexError::reflected_identity_ed25519_key);
    EXPECT_EQ(refusal_of(with_identity(b.falcon(), b.ed25519(), own_.x25519(), b.mlkem())),
              KexError::reflected_identity_x25519_key);
    EXPECT_EQ(refusal_of(with_identity(b.falcon(), b.ed25519(), b.x25519(), own_.mlkem())),
              KexError::reflected_identity_mlkem_key);
}

TEST_F(AcceptInit, RefusesAsPrekeysAsIdentityKeys) {
    const IdentityPublic b = init_.identity;
    init_ = with_identity(b.falcon(), b.ed25519(), bundle_.signed_prekey, b.mlkem());
    EXPECT_EQ(refusal(), KexError::reflected_identity_x25519_key);
}

TEST_F(AcceptInit, RefusesAsKemPrekeyAsAnIdentityKey) {
    const IdentityPublic b = init_.identity;
    init_ = with_identity(b.falcon(), b.ed25519(), b.x25519(), bundle_.signed_kem_prekey);
    EXPECT_EQ(refusal(), KexError::reflected_identity_mlkem_key);
}

TEST_F(AcceptInit, RefusesAsEphemeralSigningKey) {
    init_.ephemeral_signing_key = bundle_.ephemeral_signing_key;
    EXPECT_EQ(refusal(), KexError::reflected_ephemeral_signing_key);
}

TEST_F(AcceptInit, RefusesAsSignedPrekeyAsEphemeralKey) {
    init_.ephemeral_key = bundle_.signed_prekey;
    EXPECT_EQ(refusal(), KexError::reflected_ephemeral_x25519_key);
}

TEST_F(AcceptInit, RefusesAsIdentityKeyAsEphemeralKey) {
    init_.ephemeral_key = own_.x25519();
    EXPECT_EQ(refusal(), KexError::reflected_ephemeral_x25519_key);
}

TEST_F(AcceptInit, RefusesAsKemPrekeyAsEphemeralKey) {
    init_.ephemeral_kem_key = bundle_.signed_kem_prekey;
    EXPECT_EQ(refusal(), KexError::reflected_ephemeral_mlkem_key);
}

TEST_F(AcceptInit, RefusesWhoeverTheInviteDoesNotName) {
    people_.context.invited_identity = fingerprint(forger_.shown());
    a_ = start(keys_a_);
    EXPECT_EQ(refusal(), KexError::not_the_invited_identity);
}

TEST_F(AcceptInit, RefusesABadFalconSignature) {
    init_.signature.bytes[200] ^= 1U;
    EXPECT_EQ(refusal(), KexError::bad_identity_falcon_signature);
}

TEST_F(AcceptInit, RefusesABadEd25519Signature) {
    init_.signature.bytes[1290] ^= 1U;
    EXPECT_EQ(refusal(), KexError::bad_identity_ed25519_signature);
}

TEST_F(AcceptInit, RefusesOneMadeForAnotherBundle) {
    a_ = start(keys_a_);
    EXPECT_EQ(refusal(), KexError::bad_identity_falcon_signature);
}

TEST_F(AcceptInit, RefusesABadBindingSignature) {
    init_.ec_pq_binding.bytes[200] ^= 1U;
    EXPECT_EQ(refusal(), KexError::bad_ec_pq_binding);
}

TEST_F(AcceptInit, RefusesABindingByAnotherEphemeralKey) {
    Init forged = init_;
    forger_.sign(forged, people_.context, bundle_hash(a_.bundle));
    init_.ec_pq_binding = forged.ec_pq_binding;
    EXPECT_EQ(refusal(), KexError::bad_ec_pq_binding);
}

TEST_F(AcceptInit, RefusesAnX25519IdentityOfSmallOrder) {
    forger_.show(X25519PublicKey{});
    forge();
    EXPECT_EQ(late_refusal(), KexError::zero_dh1);
}

TEST_F(AcceptInit, RefusesAnEphemeralKeyOfSmallOrder) {
    init_.ephemeral_key = X25519PublicKey{};
    forge();
    EXPECT_EQ(late_refusal(), KexError::zero_dh3);
}

TEST_F(AcceptInit, RefusesWhenTheHolderOfTheKeysSeesASmallOrder) {
    test::FailingIdentityKeys keys{*people_.identity_a, 2, KeyError::all_zero_shared_secret};
    a_ = start(keys);
    init_ = std::move(*Init::decode(people_.start_b(a_.bundle.bytes)->init.bytes));
    EXPECT_EQ(late_refusal(), KexError::zero_dh2);
}

TEST_F(AcceptInit, RefusesABadMac) {
    init_.mac.bytes[0] ^= 1U;
    EXPECT_EQ(late_refusal(), KexError::bad_init_mac);
}

TEST_F(AcceptInit, SeesKemsImplicitRejectionOfTheFirstCiphertextInTheMac) {
    init_.ct1.bytes[7] ^= 1U;
    forge();
    EXPECT_EQ(late_refusal(), KexError::bad_init_mac);
}

TEST_F(AcceptInit, SeesKemsImplicitRejectionOfTheSecondCiphertextInTheMac) {
    init_.ct2.bytes[7] ^= 1U;
    forge();
    EXPECT_EQ(late_refusal(), KexError::bad_init_mac);
}

TEST_F(AcceptInit, SaysWhenItsIdentityKeysAreOutOfReach) {
    test::FailingIdentityKeys at_start{*people_.identity_a, 1};
    EXPECT_EQ(start_as_a(people_.context, at_start, test::stored_signing_pair(StoredPair::efk_a), people_.rng)
                  .error(),
              KexError::identity_keys_unavailable);
    for (const std::size_t call : {2U, 3U}) {  // agree, decapsulate
        test::FailingIdentityKeys keys{*people_.identity_a, call};
        a_ = start(keys);
        init_ = std::move(*Init::decode(people_.start_b(a_.bundle.bytes)->init.bytes));
        EXPECT_EQ(late_refusal(), KexError::identity_keys_unavailable);
    }
}

}  // namespace
}  // namespace chat
