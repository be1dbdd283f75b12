// What B refuses in a resp; each check of docs/protocol.md 5.3 by itself.

#include <gtest/gtest.h>

#include <set>

#include "hybrid_kex/key_exchange.hpp"
#include "hybrid_kex/key_schedule.hpp"
#include "support/kex_forger.hpp"

namespace chat {
namespace {

using test::StoredPair;
using test::TwoPeople;

class AcceptResp : public testing::Test {
  protected:
    TwoPeople people_{1};
    test::FailingIdentityKeys keys_b_{*people_.identity_b, 0};
    StartedA a_ = std::move(*people_.start_a());
    StartedB b_ =
        std::move(*accept_bundle(people_.context, keys_b_, test::stored_signing_pair(StoredPair::efk_b),
                                 a_.bundle.bytes, people_.rng));
    const Init init_ = *Init::decode(b_.init.bytes);
    Resp resp_ = *Resp::decode(std::move(a_.next).accept_init(b_.init.bytes, people_.rng)->resp.bytes);
    /// Has A's ephemeral signing key, so that only the check in question can fail.
    test::Forger forger_{StoredPair::stranger, StoredPair::efk_a, people_.rng};

    [[nodiscard]] KexError late_refusal() {
        const auto session = std::move(b_.next).accept_resp(resp_.encode().bytes);
        EXPECT_FALSE(session);
        return session.error();
    }
    /// No identity key worked for the message.
    [[nodiscard]] KexError refusal() {
        const std::size_t calls_before = keys_b_.calls();
        const KexError error = late_refusal();
        EXPECT_EQ(keys_b_.calls(), calls_before);
        return error;
    }
    void forge() { forger_.sign(resp_, bundle_init_hash(a_.bundle, b_.init)); }
};

TEST_F(AcceptResp, TakesAnHonestOne) { EXPECT_TRUE(std::move(b_.next).accept_resp(resp_.encode().bytes)); }

TEST_F(AcceptResp, RefusesAnotherLength) {
    const RespBytes bytes = resp_.encode();
    EXPECT_EQ(std::move(b_.next).accept_resp(bytes.view().first(resp_size - 1)).error(),
              KexError::resp_length);
}

TEST_F(AcceptResp, RefusesBsEphemeralKey) {
    resp_.ephemeral_key = init_.ephemeral_key;
    EXPECT_EQ(refusal(), KexError::reflected_ephemeral_x25519_key);
}

TEST_F(AcceptResp, RefusesBsIdentityKeyAsEphemeralKey) {
    resp_.ephemeral_key = init_.identity.x25519();
    resp_.ephemeral_key.bytes.back() ^= 0x80U;
    EXPECT_EQ(refusal(), KexError::reflected_ephemeral_x25519_key);
}

TEST_F(AcceptResp, RefusesANonceThatWasNotCommittedTo) {
    resp_.sas_nonce_a.bytes[0] ^= 1U;
    forge();
    EXPECT_EQ(refusal(), KexError::bad_sas_commitment);
}

TEST_F(AcceptResp, RefusesABadBindingSignature) {
    resp_.ec_pq_binding.bytes[200] ^= 1U;
    EXPECT_EQ(refusal(), KexError::bad_ec_pq_binding);
}

TEST_F(AcceptResp, RefusesAnEphemeralKeyOfSmallOrder) {
    resp_.ephemeral_key = X25519PublicKey{};
    forge();
    EXPECT_EQ(refusal(), KexError::zero_dh4);
}

TEST_F(AcceptResp, RefusesABadMac) {
    resp_.mac.bytes[31] ^= 1U;
    EXPECT_EQ(late_refusal(), KexError::bad_resp_mac);
}

TEST_F(AcceptResp, SeesKemsImplicitRejectionOfTheThirdCiphertextInTheMac) {
    resp_.ct3.bytes[7] ^= 1U;
    forge();
    EXPECT_EQ(late_refusal(), KexError::bad_resp_mac);
}

TEST_F(AcceptResp, SeesKemsImplicitRejectionOfTheFourthCiphertextInTheMac) {
    resp_.ct4.bytes[7] ^= 1U;
    forge();
    EXPECT_EQ(late_refusal(), KexError::bad_resp_mac);
}

TEST_F(AcceptResp, SaysWhenItsIdentityKeysAreOutOfReach) {
    test::FailingIdentityKeys keys{*people_.identity_b, 3};  // agree, sign, decapsulate
    auto a = people_.start_a();
    auto b = accept_bundle(people_.context, keys, test::stored_signing_pair(StoredPair::efk_b),
                           a->bundle.bytes, people_.rng);
    const auto agreed = std::move(a->next).accept_init(b->init.bytes, people_.rng);
    EXPECT_EQ(std::move(b->next).accept_resp(agreed->resp.bytes).error(),
              KexError::identity_keys_unavailable);
}

TEST(KexError, HasALineForEach) {
    std::set<std::string_view> texts;
    constexpr auto last = static_cast<u8>(KexError::identity_keys_unavailable);
    for (u8 i = 0; i <= last; ++i) texts.insert(describe(static_cast<KexError>(i)));
    EXPECT_EQ(texts.size(), last + 1U);
    EXPECT_EQ(texts.count(describe(static_cast<KexError>(last + 1))), 0U);
}

}  // namespace
}  // namespace chat
