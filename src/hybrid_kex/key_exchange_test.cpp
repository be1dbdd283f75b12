#include "hybrid_kex/key_exchange.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/kex_fixtures.hpp"

namespace chat {
namespace {

using test::TwoPeople;

struct Finished {
    Established a;
    Established b;
};

Finished finish(TwoPeople& people) {
    auto a = people.start_a();
    auto b = people.start_b(a->bundle.bytes);
    auto agreed = std::move(a->next).accept_init(b->init.bytes, people.rng);
    auto accepted = std::move(b->next).accept_resp(agreed->resp.bytes);
    return {std::move(agreed->session), std::move(*accepted)};
}

TEST(KeyExchange, GivesBothTheSameSession) {
    TwoPeople people{1};
    const Finished done = finish(people);
    EXPECT_TRUE(done.a.root_key.equals(done.b.root_key));
    EXPECT_EQ(done.a.session_id, done.b.session_id);
    EXPECT_EQ(done.a.authentication_string, done.b.authentication_string);
    EXPECT_EQ(done.a.safety_number, done.b.safety_number);
    EXPECT_EQ(done.a.role, Role::a);
    EXPECT_EQ(done.b.role, Role::b);
}

TEST(KeyExchange, ShowsEachThePeersIdentity) {
    TwoPeople people{2};
    const Finished done = finish(people);
    const IdentityPublic& a = people.identity_a->public_identity();
    const IdentityPublic& b = people.identity_b->public_identity();
    EXPECT_EQ(done.a.peer_identity, b);
    EXPECT_EQ(done.b.peer_identity, a);
    EXPECT_EQ(done.a.peer_fingerprint, fingerprint(b));
    EXPECT_EQ(done.b.peer_fingerprint, fingerprint(a));
    EXPECT_EQ(done.a.own_fingerprint, fingerprint(a));
    EXPECT_EQ(done.b.own_fingerprint, fingerprint(b));
    EXPECT_EQ(done.a.safety_number, safety_number(fingerprint(a), fingerprint(b)));
}

TEST(KeyExchange, HandsOverTheSigningKeys) {
    TwoPeople people{3};
    Finished done = finish(people);
    EXPECT_EQ(done.a.peer_signing_key, done.b.own_signing.public_key);
    EXPECT_EQ(done.b.peer_signing_key, done.a.own_signing.public_key);
    const Bytes cell{1, 2, 3};
    EXPECT_TRUE(
        falcon1024::verify(done.b.peer_signing_key, cell,
                           falcon1024::sign_padded(done.a.own_signing.signing_key, cell, people.rng)));
}

TEST(KeyExchange, HandsOverBsFirstRatchetKeys) {
    TwoPeople people{4};
    const Finished done = finish(people);
    const auto& known = std::get<PeerFirstRatchetKeys>(done.a.first_ratchet_keys);
    const auto& owned = std::get<OwnFirstRatchetKeys>(done.b.first_ratchet_keys);
    EXPECT_EQ(known.dh, owned.dh.public_key);
    EXPECT_EQ(known.dh, x25519::public_key(owned.dh.private_key));
    EXPECT_EQ(known.kem, owned.kem.encapsulation_key);
    EXPECT_EQ(known.kem, mlkem1024::encapsulation_key(owned.kem.seed));
}

TEST(KeyExchange, SaysWhatEachKnowsAboutTheOther) {
    TwoPeople people{5};
    const Finished open = finish(people);
    EXPECT_EQ(open.a.assurance, PeerAssurance::unverified);
    EXPECT_EQ(open.b.assurance, PeerAssurance::unverified);
    people.use_invite();
    const Finished invited = finish(people);
    EXPECT_EQ(invited.a.assurance, PeerAssurance::named_by_invite);
    EXPECT_EQ(invited.b.assurance, PeerAssurance::came_with_invite);
    EXPECT_TRUE(invited.a.root_key.equals(invited.b.root_key));
}

TEST(KeyExchange, GivesEverySessionItsOwnKeys) {
    TwoPeople people{6};
    const Finished one = finish(people);
    const Finished other = finish(people);
    EXPECT_FALSE(one.a.root_key.equals(other.a.root_key));
    EXPECT_NE(one.a.session_id, other.a.session_id);
    EXPECT_NE(one.a.authentication_string, other.a.authentication_string);
    EXPECT_EQ(one.a.safety_number, other.a.safety_number);
}

TEST(KeyExchange, SendsMessagesOfOneSize) {
    TwoPeople people{7};
    auto a = people.start_a();
    ASSERT_TRUE(a);
    EXPECT_EQ(a->bundle.bytes.size(), 8194U);
    auto b = people.start_b(a->bundle.bytes);
    ASSERT_TRUE(b);
    EXPECT_EQ(b->init.bytes.size(), 12642U);
    auto agreed = std::move(a->next).accept_init(b->init.bytes, people.rng);
    ASSERT_TRUE(agreed);
    EXPECT_EQ(agreed->resp.bytes.size(), 4512U);
}

TEST(KeyExchange, ShowsNothingOfItsNonceBeforeTheCommitmentIsOpened) {
    TwoPeople people{8};
    auto a = people.start_a();
    auto b = people.start_b(a->bundle.bytes);
    auto agreed = std::move(a->next).accept_init(b->init.bytes, people.rng);
    const auto nonce = Resp::decode(agreed->resp.bytes)->sas_nonce_a;
    const auto& bundle = a->bundle.bytes;
    EXPECT_EQ(std::search(bundle.begin(), bundle.end(), nonce.bytes.begin(), nonce.bytes.end()),
              bundle.end());
    EXPECT_EQ(Bundle::decode(bundle)->sas_commitment, commit(SasNonceA::copy_of(nonce.bytes)));
}

TEST(KeyExchange, KeepsNoSecretWhenAStateIsDropped) {
    TwoPeople people{9};
    const std::size_t before = guarded_memory::usage().live_secrets;
    {
        auto a = people.start_a();
        auto b = people.start_b(a->bundle.bytes);
        EXPECT_GT(guarded_memory::usage().live_secrets, before);
    }
    EXPECT_EQ(guarded_memory::usage().live_secrets, before);
}

TEST(KeyExchange, WipesWhatOnlyItNeeds) {
    TwoPeople people{10};
    const std::size_t before = guarded_memory::usage().live_secrets;
    const Finished done = finish(people);
    // A: root key, EFK seed, EFK signing key. B: the same, EK_B and PQEK_B.
    EXPECT_EQ(guarded_memory::usage().live_secrets - before, 3U + 5U);
    EXPECT_TRUE(done.a.root_key.holds_value());
}

TEST(KeyExchange, HasFactsToShow) {
    std::set<std::string_view> names;
    for (const KexFact& fact : kex_facts()) {
        names.insert(fact.name);
        EXPECT_FALSE(fact.value.empty());
    }
    EXPECT_EQ(names.size(), kex_facts().size());
}

TEST(KeyExchangeStates, MoveAndNeverCopy) {
    static_assert(!std::is_copy_constructible_v<AwaitingInit> && std::is_move_constructible_v<AwaitingInit>);
    static_assert(!std::is_copy_constructible_v<AwaitingResp> && std::is_move_constructible_v<AwaitingResp>);
    static_assert(!std::is_copy_constructible_v<Established> && std::is_move_constructible_v<Established>);
    static_assert(!std::is_invocable_v<decltype(&AwaitingResp::accept_resp), AwaitingResp&, ByteView>);
    static_assert(!std::is_invocable_v<decltype(&AwaitingInit::accept_init), AwaitingInit&, ByteView, Rng&>);
}

}  // namespace
}  // namespace chat
