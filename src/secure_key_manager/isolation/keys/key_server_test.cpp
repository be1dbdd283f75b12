#include "secure_key_manager/isolation/keys/key_server.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/key_process_kit.hpp"

namespace chat {
namespace {

using namespace key_protocol;

class KeyServerTest : public testing::Test {
  protected:
    using Outcome = Result<KeyServer::Answer, KeyServerError>;

    Outcome ask(KeyRequest request) {
        const ServiceFrame frame = encode(request);
        return server_.handle(frame.kind, frame.body.expose());
    }
    /// The answer, which must be of type R.
    template <class R>
    R answer(KeyRequest request) {
        auto outcome = ask(std::move(request));
        EXPECT_TRUE(outcome);
        if (!outcome) throw std::runtime_error{std::string{describe(outcome.error())}};
        EXPECT_FALSE(outcome->last);
        return reply<R>(*outcome);
    }
    template <class R>
    static R reply(const KeyServer::Answer& answer) {
        auto decoded = decode_reply(answer.reply.kind, answer.reply.body.expose());
        if (!decoded || !std::holds_alternative<R>(*decoded)) throw std::runtime_error{"another reply"};
        return std::get<R>(std::move(*decoded));
    }
    Generated generate() { return answer<Generated>(Generate{}); }

    test::SeededRng base_{3};
    int confined_ = 0;
    bool unlocked_before_confined_ = false;
    KeyServer server_{base_,
                      {[this](ByteView file, UnlockSecrets secrets) {
                           unlocked_before_confined_ = confined_ == 0;
                           return unlock_vault(file, std::move(secrets));
                       },
                       [this] {
                           ++confined_;
                           return KeyProtection{true, true, 5, true, true, true};
                       }}};
};

TEST_F(KeyServerTest, ConfinesItselfBeforeItServes) {
    EXPECT_EQ(confined_, 0);
    const auto started = answer<Started>(StartEphemeral{});
    EXPECT_EQ(started.protection, (KeyProtection{true, true, 5, true, true, true}));
    static_cast<void>(generate());
    EXPECT_EQ(confined_, 1);
}

TEST_F(KeyServerTest, SignsStatementsInTheNameOfTheSlotsIdentity) {
    answer<Started>(StartEphemeral{});
    const Generated made = generate();
    const IdentityStatement statement = test::rotation_statement();
    const auto signature = answer<Signed>(Sign{made.slot, statement}).signature;
    EXPECT_TRUE(verify_composite(made.identity, signed_bytes(statement, made.identity), signature));
    const Generated other = generate();
    EXPECT_FALSE(verify_composite(other.identity, signed_bytes(statement, other.identity), signature));
}

TEST_F(KeyServerTest, AgreesAsItsPublicKeySays) {
    answer<Started>(StartEphemeral{});
    const Generated made = generate();
    const x25519::KeyPair peer = x25519::generate(base_);
    const auto agreed = answer<Agreed>(Agree{made.slot, peer.public_key});
    const auto same = x25519::agree(peer.private_key, made.identity.x25519());
    EXPECT_TRUE(agreed.secret.equals(*same));
}

TEST_F(KeyServerTest, DecapsulatesAsItsPublicKeySays) {
    answer<Started>(StartEphemeral{});
    const Generated made = generate();
    const auto sent = mlkem1024::encapsulate(made.identity.mlkem(), base_);
    EXPECT_TRUE(
        answer<Decapsulated>(Decapsulate{made.slot, sent->ciphertext}).secret.equals(sent->shared_secret));
}

TEST_F(KeyServerTest, RefusesAPointOfSmallOrderAndGoesOn) {
    answer<Started>(StartEphemeral{});
    const Generated made = generate();
    EXPECT_EQ(answer<Refused>(Agree{made.slot, {}}).error, KeyError::all_zero_shared_secret);
    static_cast<void>(generate());
}

TEST_F(KeyServerTest, HoldsNoMoreIdentitiesThanItsSlots) {
    answer<Started>(StartEphemeral{});
    std::set<Slot> slots;
    for (std::size_t i = 0; i < KeyServer::max_slots; ++i) slots.insert(generate().slot);
    EXPECT_EQ(slots.size(), KeyServer::max_slots);
    EXPECT_EQ(answer<Refused>(Generate{}).error, KeyError::no_room);
    answer<Done>(Forget{*slots.begin()});
    EXPECT_FALSE(slots.contains(generate().slot));
    EXPECT_EQ(server_.slots_in_use(), KeyServer::max_slots);
}

TEST_F(KeyServerTest, StopsAtWhatIsNoRequest) {
    EXPECT_EQ(server_.handle(77, {}).error(), KeyServerError::malformed);
    EXPECT_EQ(server_.handle(3, Bytes(1)).error(), KeyServerError::malformed);
}

TEST_F(KeyServerTest, StopsAtBytesToSignThatAreNoStatement) {
    answer<Started>(StartEphemeral{});
    const Generated made = generate();
    Bytes body(4 + 1 + 1862, 0x41);
    body[0] = body[1] = body[2] = 0;
    body[3] = static_cast<u8>(made.slot);
    EXPECT_EQ(server_.handle(5, body).error(), KeyServerError::malformed);
}

TEST_F(KeyServerTest, StopsAtARequestBeforeTheStart) {
    EXPECT_EQ(ask(Generate{}).error(), KeyServerError::not_started);
    EXPECT_EQ(confined_, 0);
}

TEST_F(KeyServerTest, StopsAtASecondStart) {
    answer<Started>(StartEphemeral{});
    EXPECT_EQ(ask(StartEphemeral{}).error(), KeyServerError::started_twice);
    EXPECT_EQ(ask(OpenVaultFile{}).error(), KeyServerError::started_twice);
    EXPECT_EQ(confined_, 1);
}

TEST_F(KeyServerTest, StopsAtASlotThatIsEmpty) {
    answer<Started>(StartEphemeral{});
    const Slot slot = generate().slot;
    answer<Done>(Forget{slot});
    EXPECT_EQ(ask(Forget{slot}).error(), KeyServerError::unknown_slot);
    EXPECT_EQ(ask(Sign{slot, test::rotation_statement()}).error(), KeyServerError::unknown_slot);
    EXPECT_EQ(ask(Agree{slot, {}}).error(), KeyServerError::unknown_slot);
    EXPECT_EQ(ask(Decapsulate{slot + 1, {}}).error(), KeyServerError::unknown_slot);
}

TEST_F(KeyServerTest, StopsAtContactsWithoutAVault) {
    answer<Started>(StartEphemeral{});
    EXPECT_EQ(ask(SealContacts{{}}).error(), KeyServerError::no_vault);
}

TEST_F(KeyServerTest, StopsAtContactsWithWhichTheVaultWouldNeverOpenAgain) {
    const test::SmallVault vault{base_};
    answer<Opened>(OpenVaultFile{vault.file, test::SmallVault::unlock()});
    Bytes trailing = test::some_contacts();
    trailing.push_back(0);
    EXPECT_EQ(ask(SealContacts{trailing}).error(), KeyServerError::bad_contacts);
    EXPECT_EQ(ask(SealContacts{Bytes(100, 0x41)}).error(), KeyServerError::bad_contacts);
}

TEST_F(KeyServerTest, OpensAVaultBeforeItConfinesItself) {
    const test::SmallVault vault{base_};
    const auto opened = answer<Opened>(OpenVaultFile{vault.file, test::SmallVault::unlock()});
    EXPECT_TRUE(unlocked_before_confined_);
    EXPECT_EQ(confined_, 1);
    EXPECT_EQ(opened.identity, *vault.identity);
    EXPECT_TRUE(opened.contacts.empty());
    const IdentityStatement statement = test::rotation_statement();
    const auto signature = answer<Signed>(Sign{opened.slot, statement}).signature;
    EXPECT_TRUE(verify_composite(opened.identity, signed_bytes(statement, opened.identity), signature));
}

TEST_F(KeyServerTest, SealsContactsIntoAVaultThatOpensAgain) {
    const test::SmallVault vault{base_};
    answer<Opened>(OpenVaultFile{vault.file, test::SmallVault::unlock()});
    const auto sealed = answer<Sealed>(SealContacts{test::some_contacts()});
    const auto again = unlock_vault(sealed.file, test::SmallVault::unlock());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->contacts, test::some_contacts());
}

TEST_F(KeyServerTest, EndsAfterAVaultThatDoesNotOpen) {
    const test::SmallVault vault{base_};
    const auto outcome = ask(OpenVaultFile{vault.file, test::SmallVault::unlock("wrong")});
    ASSERT_TRUE(outcome);
    EXPECT_TRUE(outcome->last);
    EXPECT_EQ(reply<VaultRefused>(*outcome).error, VaultError::wrong_passphrase);
    EXPECT_EQ(confined_, 0);
}

TEST_F(KeyServerTest, MixedEntropyChangesWhatIsMadeAfterwards) {
    answer<Started>(StartEphemeral{});
    answer<Done>(MixEntropy{SecretBuffer::copy_of(bytes_of("from a TPM"))});
    const Generated with = generate();
    test::SeededRng same_base{3};
    KeyServer without{same_base, {unlock_vault, [] { return KeyProtection{}; }}};
    static_cast<void>(without.handle(1, {}));
    const auto made = without.handle(3, {});
    EXPECT_NE(reply<Generated>(*made).identity, with.identity);
}

TEST_F(KeyServerTest, FailingRandomnessComesOut) {
    test::FailingRng failing{base_, 1};
    KeyServer server{failing, {unlock_vault, [] { return KeyProtection{}; }}};
    static_cast<void>(server.handle(1, {}));
    EXPECT_THROW(static_cast<void>(server.handle(3, {})), RngFailure);
}

TEST_F(KeyServerTest, EveryErrorHasATextOfItsOwn) {
    std::set<std::string_view> texts;
    for (u8 i = 0; i <= static_cast<u8>(KeyServerError::no_vault); ++i)
        texts.insert(describe(static_cast<KeyServerError>(i)));
    EXPECT_EQ(texts.size(), 5U);
}

}  // namespace
}  // namespace chat
