#include "ca_services/hello_gate.hpp"

#include <gtest/gtest.h>

#include "support/bootstrap_kit.hpp"

namespace chat {
namespace {

using namespace std::chrono_literals;
using test::certificate_of;
using test::seal_hello;
using test::secret_of;
using test::SeededRng;

Bytes hello_of(u64 secret, u64 seed, Role role = Role::a) {
    SeededRng rng{seed};
    return BootstrapDialler::start(secret_of(secret), role, certificate_of(1), rng).hello;
}

/// A hello that is cheap to make: no fresh keys, only a fresh nonce.
Bytes cheap_hello(u64 secret, u32 number) {
    static const auto kem = [] {
        SeededRng rng{1};
        return mlkem1024::generate(rng).encapsulation_key;
    }();
    Bytes plaintext(bootstrap::hello_plaintext_size);
    WireWriter{plaintext}.write_u8(bootstrap::version).write(Bytes(32, 9)).write(kem.view());
    std::array<u8, bootstrap::nonce_size> nonce{};
    WireWriter{nonce}.write_u32(number);
    Bytes hello(bootstrap_hello_size);
    bootstrap::seal_frame(bootstrap::derive_hello_key(secret_of(secret), Role::a).expose(), nonce, plaintext,
                          hello);
    return hello;
}

TEST(HelloGate, EveryChangedByteIsUnreadable) {
    HelloGate gate;
    ASSERT_TRUE(gate.add_invite(secret_of(1)).has_value());
    const Bytes hello = hello_of(1, 1);
    for (std::size_t i = 0; i < hello.size(); ++i) {
        Bytes changed = hello;
        changed[i] ^= static_cast<u8>(1U << (i % 8));
        EXPECT_EQ(gate.try_hello(changed).error(), BootstrapError::unreadable) << i;
    }
    EXPECT_TRUE(gate.try_hello(hello).has_value());
}

TEST(HelloGate, NoiseAndStrangersAreUnreadable) {
    HelloGate gate;
    EXPECT_EQ(gate.try_hello(hello_of(1, 1)).error(), BootstrapError::unreadable);
    ASSERT_TRUE(gate.add_invite(secret_of(1)).has_value());
    EXPECT_EQ(gate.try_hello(hello_of(2, 1)).error(), BootstrapError::unreadable);
    EXPECT_EQ(gate.try_hello(Bytes(bootstrap_hello_size)).error(), BootstrapError::unreadable);
}

TEST(HelloGate, WrongLengthsAreRefused) {
    HelloGate gate;
    for (const std::size_t size : {0U, 1U, 40U, 1672U, 1674U}) {
        EXPECT_EQ(gate.try_hello(Bytes(size)).error(), BootstrapError::wrong_length);
    }
}

TEST(HelloGate, ListenerWithInvitesNeverAnswersTheZeroSecret) {
    SeededRng rng{1};
    HelloGate gate;
    ASSERT_TRUE(gate.add_invite(secret_of(1)).has_value());
    const auto started = BootstrapDialler::start_open(certificate_of(1), rng);
    EXPECT_EQ(gate.try_hello(started.hello).error(), BootstrapError::unreadable);
}

TEST(HelloGate, OwnHelloUnderAResumeSecretIsAReflection) {
    for (const Role own : {Role::a, Role::b}) {
        HelloGate gate;
        ASSERT_TRUE(gate.add_resume(secret_of(1), own).has_value());
        EXPECT_EQ(gate.try_hello(hello_of(1, 1, own)).error(), BootstrapError::reflected);
        EXPECT_TRUE(gate.try_hello(hello_of(1, 1, other(own))).has_value());
    }
}

TEST(HelloGate, WrongRoleUnderAnInviteIsUnreadable) {
    HelloGate gate;
    ASSERT_TRUE(gate.add_invite(secret_of(1)).has_value());
    EXPECT_EQ(gate.try_hello(hello_of(1, 1, Role::b)).error(), BootstrapError::unreadable);
}

TEST(HelloGate, OtherVersionOfTheProtocolIsNamed) {
    SeededRng rng{2};
    HelloGate gate;
    ASSERT_TRUE(gate.add_invite(secret_of(1)).has_value());
    const auto dh = x25519::generate(rng);
    const auto kem = mlkem1024::generate(rng);
    for (const u8 version : {u8{0}, u8{2}, u8{255}}) {
        const Bytes hello = seal_hello(secret_of(1), Role::a, version, dh.public_key, kem.encapsulation_key);
        EXPECT_EQ(gate.try_hello(hello).error(), BootstrapError::unsupported_version);
    }
}

TEST(HelloGate, ReplayIsRefused) {
    HelloGate gate;
    const auto invite = gate.add_invite(secret_of(1));
    ASSERT_TRUE(gate.add_resume(secret_of(2), Role::b).has_value());
    for (const u64 secret : {1U, 2U}) {
        const Bytes hello = hello_of(secret, 1);
        EXPECT_TRUE(gate.try_hello(hello).has_value());
        EXPECT_TRUE(gate.try_hello(hello_of(secret, 2)).has_value());
        EXPECT_EQ(gate.try_hello(hello).error(), BootstrapError::replayed_hello);
    }
    // Also once the invite is spent: a recorded hello must not bring an answer.
    gate.retire(*invite, SecretStanding::spent, Time{});
    EXPECT_EQ(gate.try_hello(hello_of(1, 1)).error(), BootstrapError::replayed_hello);
}

TEST(HelloGate, NothingIsRememberedUnderTheZeroSecret) {
    SeededRng rng{3};
    HelloGate gate;
    ASSERT_TRUE(gate.add_open().has_value());
    const auto started = BootstrapDialler::start_open(certificate_of(1), rng);
    EXPECT_TRUE(gate.try_hello(started.hello).has_value());
    EXPECT_TRUE(gate.try_hello(started.hello).has_value());
}

TEST(HelloGate, FullMemoryClosesThatSecretAlone) {
    HelloGate gate;
    const auto one = gate.add_invite(secret_of(1));
    const auto two = gate.add_invite(secret_of(2));
    for (u32 i = 0; i < HelloMemory::capacity; ++i) {
        EXPECT_FALSE(gate.is_closed(*one));
        ASSERT_TRUE(gate.try_hello(cheap_hello(1, i)).has_value()) << i;
    }
    EXPECT_TRUE(gate.is_closed(*one));
    EXPECT_EQ(gate.try_hello(cheap_hello(1, 5000)).error(), BootstrapError::secret_closed);
    EXPECT_EQ(gate.try_hello(cheap_hello(1, 7)).error(), BootstrapError::replayed_hello);
    EXPECT_FALSE(gate.is_closed(*two));
    EXPECT_TRUE(gate.try_hello(cheap_hello(2, 0)).has_value());
}

TEST(HelloGate, ResumeSecretNeverCloses) {
    HelloGate gate;
    const auto id = gate.add_resume(secret_of(1), Role::b);
    for (u32 i = 0; i < HelloMemory::capacity + 10; ++i) {
        ASSERT_TRUE(gate.try_hello(cheap_hello(1, i)).has_value()) << i;
    }
    EXPECT_FALSE(gate.is_closed(*id));
    EXPECT_EQ(gate.try_hello(cheap_hello(1, 10)).error(), BootstrapError::replayed_hello);
    EXPECT_EQ(gate.try_hello(cheap_hello(1, 1033)).error(), BootstrapError::replayed_hello);
    EXPECT_TRUE(gate.try_hello(cheap_hello(1, 9)).has_value());  // forgotten, the price of never closing
}

TEST(HelloGate, RetiredSecretSaysWhy) {
    for (const auto why : {SecretStanding::spent, SecretStanding::expired}) {
        HelloGate gate;
        const auto id = gate.add_invite(secret_of(1));
        EXPECT_EQ(gate.try_hello(hello_of(1, 1))->standing(), SecretStanding::live);
        gate.retire(*id, why, Time{});
        EXPECT_EQ(gate.live_secrets(), 0U);
        EXPECT_EQ(gate.retired_secrets(), 1U);
        const auto opened = gate.try_hello(hello_of(1, 2));
        ASSERT_TRUE(opened.has_value());
        EXPECT_EQ(opened->standing(), why);
        EXPECT_EQ(opened->secret_id(), *id);
        EXPECT_EQ(opened->kind(), SecretKind::invite);
        // The first verdict stands.
        gate.retire(*id, SecretStanding::expired, Time{1h});
        EXPECT_EQ(gate.try_hello(hello_of(1, 3))->standing(), why);
    }
}

TEST(HelloGate, RetiredSecretIsForgottenAfterADay) {
    HelloGate gate;
    const auto id = gate.add_invite(secret_of(1));
    gate.retire(*id, SecretStanding::spent, Time{1h});
    gate.drop_old(Time{25h} - 1us);
    EXPECT_EQ(gate.retired_secrets(), 1U);
    gate.drop_old(Time{25h});
    EXPECT_EQ(gate.retired_secrets(), 0U);
    EXPECT_EQ(gate.try_hello(hello_of(1, 1)).error(), BootstrapError::unreadable);
}

TEST(HelloGate, RemovedSecretIsNoiseAtOnce) {
    HelloGate gate;
    const auto id = gate.add_resume(secret_of(1), Role::b);
    gate.remove(*id);
    gate.remove(*id);
    EXPECT_EQ(gate.try_hello(hello_of(1, 1)).error(), BootstrapError::unreadable);
    EXPECT_FALSE(gate.is_closed(*id));
}

TEST(HelloGate, OldestRetiredSecretMakesRoom) {
    HelloGate gate;
    for (u64 i = 0; i < HelloGate::max_retired + 1; ++i) {
        const auto id = gate.add_invite(secret_of(i));
        gate.retire(*id, SecretStanding::spent, Time{std::chrono::seconds{i}});
    }
    EXPECT_EQ(gate.retired_secrets(), HelloGate::max_retired);
    EXPECT_EQ(gate.try_hello(hello_of(0, 1)).error(), BootstrapError::unreadable);
    EXPECT_TRUE(gate.try_hello(hello_of(1, 1)).has_value());
}

TEST(HelloGate, SixtyFourLiveSecretsAreTheLimit) {
    HelloGate gate;
    const auto first = gate.add_invite(secret_of(0));
    for (u64 i = 1; i < HelloGate::max_live; ++i) ASSERT_TRUE(gate.add_invite(secret_of(i)).has_value());
    EXPECT_EQ(gate.add_invite(secret_of(100)).error(), GateError::too_many_secrets);
    EXPECT_EQ(gate.add_resume(secret_of(100), Role::a).error(), GateError::too_many_secrets);
    gate.retire(*first, SecretStanding::spent, Time{});
    EXPECT_TRUE(gate.add_resume(secret_of(100), Role::a).has_value());
}

TEST(HelloGate, OpenAndInvitesExcludeEachOther) {
    HelloGate open;
    ASSERT_TRUE(open.add_open().has_value());
    EXPECT_EQ(open.add_invite(secret_of(1)).error(), GateError::open_with_invites);
    EXPECT_TRUE(open.add_resume(secret_of(1), Role::b).has_value());
    HelloGate invites;
    const auto id = invites.add_invite(secret_of(1));
    EXPECT_EQ(invites.add_open().error(), GateError::open_with_invites);
    invites.retire(*id, SecretStanding::spent, Time{});
    EXPECT_EQ(invites.add_open().error(), GateError::open_with_invites);
}

TEST(HelloGate, ZeroSecretEntersByAddOpenOnly) {
    HelloGate gate;
    EXPECT_EQ(gate.add_invite(PresharedSecret{}).error(), GateError::zero_secret);
    EXPECT_EQ(gate.add_resume(PresharedSecret{}, Role::a).error(), GateError::zero_secret);
}

TEST(HelloGate, EveryErrorHasALineOfItsOwn) {
    EXPECT_NE(describe(GateError::too_many_secrets), describe(GateError::open_with_invites));
    EXPECT_NE(describe(GateError::open_with_invites), describe(GateError::zero_secret));
    EXPECT_EQ(describe(static_cast<GateError>(200)), "unknown");
}

}  // namespace
}  // namespace chat
