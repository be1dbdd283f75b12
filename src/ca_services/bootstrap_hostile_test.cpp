/// What a peer that holds the secret, or an attacker in the middle, can do to the frames, and which error it meets.

#include <gtest/gtest.h>

#include "support/bootstrap_kit.hpp"

namespace chat {
namespace {

using test::certificate_of;
using test::hostile_reply;
using test::HostileDialler;
using test::inner_part;
using test::seal_any_inner;
using test::seal_hello;
using test::secret_of;
using test::SeededRng;

/// Both sides before the reply was taken, always the same.
struct Sides {
    BootstrapDialler::Started dialler;
    OpenedHello::Replied listener;
};

Sides sides(u64 seed = 21) {
    SeededRng rng{seed};
    HelloGate gate;
    EXPECT_TRUE(gate.add_invite(secret_of(1)).has_value());
    auto started = BootstrapDialler::start(secret_of(1), Role::a, certificate_of(1), rng);
    auto opened = gate.try_hello(started.hello);
    auto replied = std::move(*opened).reply(certificate_of(2), rng);
    return {std::move(started), std::move(*replied)};
}

BootstrapError error_of_reply(ByteView reply, u64 seed = 21) {
    SeededRng rng{seed};
    auto started = BootstrapDialler::start(secret_of(1), Role::a, certificate_of(1), rng);
    const auto finished = std::move(started.state).accept_reply(reply);
    EXPECT_FALSE(finished.has_value());
    return finished.error();
}

/// The reply of a hostile listener with this inner part, as the dialler sees it.
BootstrapError error_of_inner(const Bytes& inner, const X25519PublicKey* shown_dh = nullptr) {
    SeededRng rng{21};
    auto started = BootstrapDialler::start(secret_of(1), Role::a, certificate_of(1), rng);
    const Bytes reply = hostile_reply(secret_of(1), started.hello, inner, shown_dh);
    const auto finished = std::move(started.state).accept_reply(reply);
    EXPECT_FALSE(finished.has_value());
    return finished.error();
}

/// The listener's verdict on a finish with this inner part.
Result<AcceptedDialler, BootstrapError> finish_with(const Bytes& inner) {
    SeededRng rng{22};
    HelloGate gate;
    EXPECT_TRUE(gate.add_invite(secret_of(1)).has_value());
    const HostileDialler dialler{secret_of(1), 5};
    auto opened = gate.try_hello(dialler.hello);
    auto replied = std::move(*opened).reply(certificate_of(2), rng);
    const auto keys = dialler.keys_for(replied->reply);
    return std::move(replied->state).accept_finish(seal_any_inner(keys.from_dialler.expose(), inner));
}

Bytes good_inner() {
    const ByteView der = certificate_of(1).view();
    return inner_part(0, static_cast<u16>(der.size()), der);
}

TEST(BootstrapHostile, EveryChangedByteOfAReplyIsUnreadable) {
    const Bytes reply = sides().listener.reply;
    for (std::size_t i = 0; i < reply.size(); i += i < 64 || i + 64 > reply.size() ? 1U : 23U) {
        Bytes changed = reply;
        changed[i] ^= static_cast<u8>(1U << (i % 8));
        EXPECT_EQ(error_of_reply(changed), BootstrapError::unreadable) << i;
    }
}

TEST(BootstrapHostile, EveryChangedByteOfAFinishIsUnreadable) {
    for (std::size_t i = 0; i < bootstrap_finish_size;
         i += i < 16 || i + 32 > bootstrap_finish_size ? 1U : 41U) {
        auto both = sides();
        auto finished = std::move(both.dialler.state).accept_reply(both.listener.reply);
        finished->finish[i] ^= static_cast<u8>(1U << (i % 8));
        const auto accepted = std::move(both.listener.state).accept_finish(finished->finish);
        ASSERT_FALSE(accepted.has_value());
        EXPECT_EQ(accepted.error(), BootstrapError::unreadable) << i;
    }
}

TEST(BootstrapHostile, WrongLengthsAreRefused) {
    for (const std::size_t size : {0U, 1U, 24U, 9847U, 9849U}) {
        EXPECT_EQ(error_of_reply(Bytes(size)), BootstrapError::wrong_length);
    }
    for (const std::size_t size : {0U, 1U, 16U, 8207U, 8209U}) {
        const auto accepted = std::move(sides().listener.state).accept_finish(Bytes(size));
        EXPECT_EQ(accepted.error(), BootstrapError::wrong_length);
    }
}

TEST(BootstrapHostile, FramesOfTwoExchangesDoNotMix) {
    auto one = sides(31);
    auto two = sides(32);
    EXPECT_EQ(error_of_reply(two.listener.reply, 31), BootstrapError::unreadable);
    auto finish_one = std::move(one.dialler.state).accept_reply(one.listener.reply);
    auto finish_two = std::move(two.dialler.state).accept_reply(two.listener.reply);
    EXPECT_EQ(std::move(one.listener.state).accept_finish(finish_two->finish).error(),
              BootstrapError::unreadable);
    EXPECT_EQ(std::move(two.listener.state).accept_finish(finish_one->finish).error(),
              BootstrapError::unreadable);
}

TEST(BootstrapHostile, ReplyUnderAnotherSecretIsUnreadable) {
    SeededRng rng{21};
    HelloGate gate;
    ASSERT_TRUE(gate.add_invite(secret_of(2)).has_value());
    const auto started = BootstrapDialler::start(secret_of(2), Role::a, certificate_of(1), rng);
    auto opened = gate.try_hello(started.hello);
    EXPECT_EQ(error_of_reply(std::move(*opened).reply(certificate_of(2), rng)->reply),
              BootstrapError::unreadable);
}

TEST(BootstrapHostile, ReplyFromOnesOwnRoleIsUnreadable) {
    // Under a resume secret both sides may listen: A's reply must not pass for B's.
    SeededRng rng{21};
    HelloGate gate;
    ASSERT_TRUE(gate.add_resume(secret_of(1), Role::a).has_value());
    const auto from_b = BootstrapDialler::start(secret_of(1), Role::b, certificate_of(1), rng);
    auto opened = gate.try_hello(from_b.hello);
    EXPECT_EQ(error_of_reply(std::move(*opened).reply(certificate_of(2), rng)->reply),
              BootstrapError::unreadable);
}

TEST(BootstrapHostile, DiallersOwnKeyInTheReplyIsAReflection) {
    SeededRng rng{21};
    const auto own = x25519::generate(rng);  // the first draw of start()
    EXPECT_EQ(error_of_inner(good_inner(), &own.public_key), BootstrapError::reflected);
}

TEST(BootstrapHostile, SmallOrderKeysAreRefusedBothWays) {
    const X25519PublicKey zero{};
    EXPECT_EQ(error_of_inner(good_inner(), &zero), BootstrapError::all_zero_dh);

    SeededRng rng{23};
    HelloGate gate;
    ASSERT_TRUE(gate.add_invite(secret_of(1)).has_value());
    const auto kem = mlkem1024::generate(rng);
    auto opened = gate.try_hello(seal_hello(secret_of(1), Role::a, 1, zero, kem.encapsulation_key));
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(std::move(*opened).reply(certificate_of(2), rng).error(), BootstrapError::all_zero_dh);
}

TEST(BootstrapHostile, EncapsulationKeyOutsideTheFieldIsRefused) {
    SeededRng rng{24};
    HelloGate gate;
    ASSERT_TRUE(gate.add_invite(secret_of(1)).has_value());
    const auto dh = x25519::generate(rng);
    MlKem1024EncapsulationKey bad = mlkem1024::generate(rng).encapsulation_key;
    bad.bytes[0] = 0xFF;
    bad.bytes[1] = 0xFF;
    const Bytes hello = seal_hello(secret_of(1), Role::a, 1, dh.public_key, bad);
    const std::size_t drawn = rng.calls();
    auto opened = gate.try_hello(hello);
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(std::move(*opened).reply(certificate_of(2), rng).error(),
              BootstrapError::bad_encapsulation_key);
    EXPECT_EQ(rng.calls(), drawn);
    auto again = gate.try_hello(seal_hello(secret_of(1), Role::a, 1, dh.public_key, bad, 2));
    EXPECT_EQ(std::move(*again).refuse(BootstrapStatus::busy, rng).error(),
              BootstrapError::bad_encapsulation_key);
}

TEST(BootstrapHostile, InnerPartOfAReplyIsCheckedWhole) {
    const ByteView der = certificate_of(2).view();
    const auto size = static_cast<u16>(der.size());
    EXPECT_EQ(error_of_inner(inner_part(4, size, der)), BootstrapError::unknown_status);
    EXPECT_EQ(error_of_inner(inner_part(255, 0, {})), BootstrapError::unknown_status);
    EXPECT_EQ(error_of_inner(inner_part(0, 0, {})), BootstrapError::certificate_length);
    EXPECT_EQ(error_of_inner(inner_part(0, 8190, der)), BootstrapError::certificate_length);
    EXPECT_EQ(error_of_inner(inner_part(0, 65535, der)), BootstrapError::certificate_length);
    EXPECT_EQ(error_of_inner(inner_part(1, size, der)), BootstrapError::certificate_length);
    EXPECT_EQ(error_of_inner(inner_part(0, 8189, Bytes(8189, 0x30))), BootstrapError::certificate_malformed);
    EXPECT_EQ(error_of_inner(inner_part(0, static_cast<u16>(size + 1), der)),
              BootstrapError::certificate_malformed);
    for (const std::size_t at : {static_cast<std::size_t>(size) + 3, bootstrap::inner_size - 1}) {
        Bytes padded = inner_part(0, size, der);
        padded[at] = 1;
        EXPECT_EQ(error_of_inner(padded), BootstrapError::nonzero_padding);
    }
    Bytes refusal = inner_part(3, 0, {});
    refusal[3] = 1;
    EXPECT_EQ(error_of_inner(refusal), BootstrapError::nonzero_padding);
}

TEST(BootstrapHostile, InnerPartOfAFinishIsCheckedWhole) {
    const ByteView der = certificate_of(1).view();
    const auto size = static_cast<u16>(der.size());
    EXPECT_TRUE(finish_with(good_inner()).has_value());
    EXPECT_EQ(finish_with(inner_part(9, size, der)).error(), BootstrapError::unknown_status);
    // A dialler has nothing to refuse.
    EXPECT_EQ(finish_with(inner_part(1, 0, {})).error(), BootstrapError::unknown_status);
    EXPECT_EQ(finish_with(inner_part(0, 0, {})).error(), BootstrapError::certificate_length);
    EXPECT_EQ(finish_with(inner_part(0, static_cast<u16>(size - 1), der)).error(),
              BootstrapError::nonzero_padding);
    EXPECT_EQ(finish_with(inner_part(0, 10, Bytes(10, 0x30))).error(), BootstrapError::certificate_malformed);
}

TEST(BootstrapHostile, InnerPartUnderTheOtherDirectionsKeyIsUnreadable) {
    SeededRng rng{25};
    HelloGate gate;
    ASSERT_TRUE(gate.add_invite(secret_of(1)).has_value());
    const HostileDialler dialler{secret_of(1), 6};
    auto opened = gate.try_hello(dialler.hello);
    auto replied = std::move(*opened).reply(certificate_of(2), rng);
    const auto keys = dialler.keys_for(replied->reply);
    const Bytes finish = seal_any_inner(keys.from_listener.expose(), good_inner());
    EXPECT_EQ(std::move(replied->state).accept_finish(finish).error(), BootstrapError::unreadable);
}

TEST(BootstrapHostile, RefusalsReachTheDiallerAsErrorsOfTheirOwn) {
    const std::array cases = {std::pair{BootstrapStatus::spent, BootstrapError::spent},
                              std::pair{BootstrapStatus::expired, BootstrapError::expired},
                              std::pair{BootstrapStatus::busy, BootstrapError::busy}};
    for (const auto& [status, error] : cases) {
        SeededRng rng{26};
        HelloGate gate;
        ASSERT_TRUE(gate.add_invite(secret_of(1)).has_value());
        auto started = BootstrapDialler::start(secret_of(1), Role::a, certificate_of(1), rng);
        auto opened = gate.try_hello(started.hello);
        const auto reply = std::move(*opened).refuse(status, rng);
        ASSERT_TRUE(reply.has_value());
        EXPECT_EQ(reply->size(), bootstrap_reply_size);
        EXPECT_EQ(std::move(started.state).accept_reply(*reply).error(), error);
    }
}

}  // namespace
}  // namespace chat
