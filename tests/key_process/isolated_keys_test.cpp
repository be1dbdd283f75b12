#include "secure_key_manager/isolation/keys/isolated_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>

#include "key_process/process_table.hpp"
#include "secure_key_manager/isolation/keys/in_process_keys.hpp"
#include "secure_key_manager/isolation/keys/key_process.hpp"
#include "support/key_process_kit.hpp"

namespace chat::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

/// This program's key process, whose first identity is a known one, and the product's.
const KeyHolderSetup seeded{KEY_PROCESS_PROGRAM, true};
const KeyHolderSetup product{SECURE_P2P, true};

std::unique_ptr<IsolatedKeys> started(const KeyHolderSetup& setup = product,
                                      const KeyProcessClient::Limits& limits = {}) {
    auto held = IsolatedKeys::start_ephemeral(setup, limits);
    if (!held) throw std::runtime_error{describe(held.error())};
    return std::move(*held);
}

bool readable(int descriptor, int limit) {
    pollfd watched{descriptor, POLLIN, 0};
    return ::poll(&watched, 1, limit) == 1;
}
constexpr int patience_ms = 30'000;

void expect_serves(IdentityKeys& keys) {
    SeededRng rng{1};
    const IdentityPublic& identity = keys.public_identity();
    const IdentityStatement statement = rotation_statement();
    const auto signature = keys.sign(statement);
    ASSERT_TRUE(signature);
    EXPECT_TRUE(verify_composite(identity, signed_bytes(statement, identity), *signature));
    const x25519::KeyPair peer = x25519::generate(rng);
    const auto agreed = keys.agree(peer.public_key);
    ASSERT_TRUE(agreed);
    EXPECT_TRUE(agreed->equals(*x25519::agree(peer.private_key, identity.x25519())));
    EXPECT_EQ(keys.agree(X25519PublicKey{}).error(), KeyError::all_zero_shared_secret);
    const auto sent = mlkem1024::encapsulate(identity.mlkem(), rng);
    const auto opened = keys.decapsulate(sent->ciphertext);
    ASSERT_TRUE(opened);
    EXPECT_TRUE(opened->equals(sent->shared_secret));
}

TEST(IsolatedKeys, ServeAnIdentityWhoseKeysAreElsewhere) {
    const auto holder = started();
    const auto identity = holder->generate();
    ASSERT_TRUE(identity);
    expect_serves(**identity);
    EXPECT_FALSE(holder->lost());
    const auto other = holder->generate();
    EXPECT_NE((*identity)->public_identity(), (*other)->public_identity());
}

TEST(IsolatedKeys, AnIdentityOutlivesItsHolder) {
    auto holder = started();
    const auto identity = holder->generate();
    holder.reset();
    expect_serves(**identity);
}

TEST(IsolatedKeys, AnIdentityThatDiesLeavesItsSlot) {
    const auto holder = started();
    std::vector<std::shared_ptr<IdentityKeys>> held;
    for (std::size_t i = 0; i < KeyServer::max_slots; ++i) held.push_back(*holder->generate());
    EXPECT_EQ(holder->generate().error(), KeyError::no_room);
    held.pop_back();
    EXPECT_TRUE(holder->generate());
    EXPECT_FALSE(holder->lost());
}

TEST(IsolatedKeys, TheProcessIsConfined) {
    const auto holder = started();
    const pid_t process = holder->process_id();
    EXPECT_EQ(status_of(process, "Seccomp"), "2");
    EXPECT_EQ(status_of(process, "NoNewPrivs"), "1");
    EXPECT_EQ(status_of(process, "Threads"), "1");
    EXPECT_TRUE(holder->protection().own_process);
    EXPECT_TRUE(holder->protection().no_system_calls);
    EXPECT_TRUE(holder->protection().no_new_privileges);
    auto descriptors = descriptors_of(process);
    std::sort(descriptors.begin(), descriptors.end());
    EXPECT_THAT(descriptors, testing::ElementsAre("0 /dev/null", "1 /dev/null", StartsWith("2 "),
                                                  StartsWith("3 socket:")));
}

TEST(IsolatedKeys, MixEntropyOfAnySize) {
    const auto plain = started(seeded);
    const auto mixed = started(seeded);
    EXPECT_TRUE(mixed->mix_entropy(Bytes(3 * key_protocol::max_entropy + 1, 5)));
    EXPECT_NE((*plain->generate())->public_identity(), (*mixed->generate())->public_identity());
    EXPECT_TRUE(mixed->mix_entropy({}));
}

TEST(IsolatedKeys, OpenAVaultAndSealItAgain) {
    SeededRng rng{2};
    const SmallVault vault{rng};
    const auto held = IsolatedKeys::open_vault(product, {}, vault.file, SmallVault::unlock());
    ASSERT_TRUE(held) << describe(held.error());
    EXPECT_EQ(held->identity->public_identity(), *vault.identity);
    expect_serves(*held->identity);
    const auto sealed = held->holder->seal_contacts(some_contacts());
    ASSERT_TRUE(sealed);
    const auto again = IsolatedKeys::open_vault(product, {}, *sealed, SmallVault::unlock());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->contacts, some_contacts());
}

TEST(IsolatedKeys, AVaultThatDoesNotOpenSaysWhy) {
    SeededRng rng{2};
    const SmallVault vault{rng};
    const auto error_of = [&](ByteView file, std::string_view passphrase) {
        const auto held = IsolatedKeys::open_vault(product, {}, file, SmallVault::unlock(passphrase));
        EXPECT_EQ(held.error().error, KeyHolderError::vault_refused);
        EXPECT_EQ(describe(held.error()), describe(held.error().vault.value()));
        return held.error().vault.value();
    };
    EXPECT_EQ(error_of(vault.file, "wrong"), VaultError::wrong_passphrase);
    EXPECT_EQ(error_of(vault.file, std::string(UnlockSecrets::max_passphrase + 1, 'x')),
              VaultError::wrong_passphrase);
    for (const std::string& place :
         {std::string(HsmLocation::max_place + 1, 'x'), std::string{"line\nbreak"}}) {
        UnlockSecrets bad_tcti = SmallVault::unlock();
        bad_tcti.tcti = place;
        UnlockSecrets bad_uri = SmallVault::unlock();
        bad_uri.token_uri = place;
        for (UnlockSecrets* secrets : {&bad_tcti, &bad_uri}) {
            const auto held = IsolatedKeys::open_vault(product, {}, vault.file, std::move(*secrets));
            EXPECT_EQ(held.error().vault, of_device(HsmError::bad_location));
        }
    }
    EXPECT_EQ(error_of(Bytes(100, 1), "correct horse"), VaultError::not_a_vault);
    EXPECT_EQ(error_of(Bytes(max_vault_size + 1, 1), "correct horse"), VaultError::too_large);
}

TEST(IsolatedKeys, ThatCantBeStartedAreAnError) {
    const auto missing = IsolatedKeys::start_ephemeral({"/nonexistent/program", false}, {});
    EXPECT_EQ(missing.error().error, KeyHolderError::not_started);
    EXPECT_THAT(describe(missing.error()), StartsWith("the key process could not be started: "));
    const auto ended = IsolatedKeys::start_ephemeral({"/bin/true", false}, {});
    EXPECT_EQ(ended.error().error, KeyHolderError::ended);
    EXPECT_EQ(describe(ended.error()), "the key process was not ready: the key process ended");
}

TEST(LostKeys, AProcessThatIsKilledIsNoticedWhileNobodyAsks) {
    const auto holder = started();
    const auto identity = holder->generate();
    EXPECT_FALSE(readable(holder->descriptor(), 0));
    ::kill(holder->process_id(), SIGKILL);
    EXPECT_TRUE(readable(holder->descriptor(), patience_ms));
    EXPECT_EQ(holder->lost(), "the key process was killed by signal 9 (Killed)");
    EXPECT_EQ((*identity)->sign(rotation_statement()).error(), KeyError::unavailable);
    EXPECT_EQ((*identity)->agree({}).error(), KeyError::unavailable);
    EXPECT_EQ((*identity)->decapsulate({}).error(), KeyError::unavailable);
    EXPECT_EQ(holder->generate().error(), KeyError::unavailable);
    EXPECT_EQ(holder->seal_contacts({}).error(), KeyError::unavailable);
    EXPECT_EQ(holder->mix_entropy(Bytes(1)).error(), KeyError::unavailable);
}

TEST(LostKeys, AProcessThatIsStoppedIsWaitedForNoMoreThanItsTime) {
    KeyProcessClient::Limits limits;
    limits.call = 300ms;
    const auto holder = started(product, limits);
    const auto identity = holder->generate();
    const ProcessWatch watch{holder->process_id()};
    ::kill(holder->process_id(), SIGSTOP);
    EXPECT_FALSE(holder->lost());
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ((*identity)->sign(rotation_statement()).error(), KeyError::unavailable);
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 300ms);
    EXPECT_TRUE(watch.ends_within(0ms));
    EXPECT_TRUE(readable(holder->descriptor(), 0));
    EXPECT_EQ(holder->lost(), "the key process was ended: it does not answer");
}

/// What becomes of a client whose process answers in `role`.
std::string answer_of(const std::string& role) {
    KeyProcessClient client{{KEY_PROCESS_PROGRAM, role, {}}, {}};
    EXPECT_TRUE(client.call<key_protocol::Started>(key_protocol::StartEphemeral{}, 30s));
    EXPECT_EQ(client.call<key_protocol::Generated>(key_protocol::Generate{}, 30s).error(),
              KeyError::unavailable);
    EXPECT_EQ(client.process_id(), -1);
    return client.lost().value_or("still there");
}

TEST(LostKeys, AProcessThatAnswersWronglyIsEnded) {
    EXPECT_EQ(answer_of("answers-something-else"),
              "the key process was ended: it answered something else than it was asked");
    EXPECT_EQ(answer_of("answers-no-identity"),
              "the key process was ended: it answered with an identity that is none");
    EXPECT_EQ(answer_of("answers-an-unknown-kind"),
              "the key process was ended: it sent a message that the protocol does not have");
    EXPECT_EQ(answer_of("answers-too-long"),
              "the key process was ended: it sent a message of a wrong length");
}

TEST(LostKeys, AProcessThatSpeaksUnaskedIsEnded) {
    KeyProcessClient client{{KEY_PROCESS_PROGRAM, "answers-unasked", {}}, {}};
    ASSERT_TRUE(client.call<key_protocol::Started>(key_protocol::StartEphemeral{}, 30s));
    EXPECT_TRUE(readable(client.descriptor(), patience_ms));
    EXPECT_EQ(client.lost(), "the key process was ended: it spoke without being asked");
}

class Garbage : public testing::TestWithParam<std::pair<u8, std::size_t>> {};

/// A started key process that is told `kind` with `size` bytes of nonsense.
TEST_P(Garbage, StopsTheKeyProcess) {
    ServiceProcess process{key_process_setup(product)};
    ServiceChannel& channel = process.channel();
    ASSERT_TRUE(channel.send(1, {}, 30s));
    ASSERT_TRUE(channel.receive(key_protocol::reply_sizes, 30s));
    ASSERT_TRUE(channel.send(3, {}, 30s));
    ASSERT_TRUE(channel.receive(key_protocol::reply_sizes, 30s));
    const auto [kind, size] = GetParam();
    static_cast<void>(channel.send(kind, Bytes(size, 0x41), 30s));  // it may end at the head of the frame
    EXPECT_EQ(channel.receive(key_protocol::reply_sizes, 30s).error(), ChannelError::closed);
    const ProcessEnd end = process.finish(30s);
    EXPECT_EQ(end, (ProcessEnd{ProcessEnd::How::exited, 3}));
    EXPECT_EQ(describe_key_process(end), "the key process stopped at a request that it must not serve");
}
INSTANTIATE_TEST_SUITE_P(LostKeys, Garbage,
                         testing::Values(std::pair{u8{5}, 4 + 1863}, std::pair{u8{5}, 64},
                                         std::pair{u8{5}, 4}, std::pair{u8{6}, 36}, std::pair{u8{6}, 35},
                                         std::pair{u8{77}, 0}, std::pair{u8{1}, 0}, std::pair{u8{4}, 4}));

TEST(LostKeys, EachEndHasAReason) {
    const auto exited = [](KeyProcessExit status) {
        return describe_key_process({ProcessEnd::How::exited, static_cast<int>(status)});
    };
    std::set<std::string> texts{exited(KeyProcessExit::ended),          exited(KeyProcessExit::failed),
                                exited(KeyProcessExit::not_a_service),  exited(KeyProcessExit::bad_request),
                                exited(KeyProcessExit::bad_randomness), exited(KeyProcessExit::traced),
                                exited(static_cast<KeyProcessExit>(77))};
    EXPECT_EQ(texts.size(), 7U);
    EXPECT_THAT(describe_key_process({ProcessEnd::How::signalled, SIGABRT}), HasSubstr("canary"));
    EXPECT_THAT(describe_key_process({ProcessEnd::How::signalled, SIGSYS}), HasSubstr("sandbox"));
    EXPECT_THAT(describe_key_process({}), HasSubstr("the system does not tell"));
}

TEST(InProcessKeys, ServeAsTheKeyProcessDoes) {
    const auto holder = hold_ephemeral_keys_in_this_process({true, true, 7, true, true, true});
    const auto identity = holder->generate();
    expect_serves(**identity);
    EXPECT_TRUE(holder->mix_entropy(Bytes(10)));
    EXPECT_EQ(holder->descriptor(), -1);
    EXPECT_FALSE(holder->lost());
    EXPECT_FALSE(holder->protection().own_process);
    EXPECT_THAT(describe(holder->protection()), StartsWith("in this process, which talks to the network"));
}

TEST(InProcessKeys, OpenAVaultAndSealItAgain) {
    SeededRng rng{2};
    const SmallVault vault{rng};
    auto held = hold_vault_in_this_process({}, vault.file, SmallVault::unlock());
    ASSERT_TRUE(held);
    EXPECT_EQ(held->identity->public_identity(), *vault.identity);
    const auto sealed = held->holder->seal_contacts(some_contacts());
    held->holder.reset();
    expect_serves(*held->identity);
    const auto again = hold_vault_in_this_process({}, *sealed, SmallVault::unlock());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->contacts, some_contacts());
    const auto refused = hold_vault_in_this_process({}, vault.file, SmallVault::unlock("wrong"));
    EXPECT_EQ(refused.error().vault, VaultError::wrong_passphrase);
}

}  // namespace
}  // namespace chat::test
