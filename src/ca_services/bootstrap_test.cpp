#include "ca_services/bootstrap.hpp"

#include <gtest/gtest.h>

#include "support/bootstrap_kit.hpp"
#include "support/vec_reader.hpp"

namespace chat {
namespace {

using test::certificate_of;
using test::FailingRng;
using test::secret_of;
using test::SeededRng;

struct Exchange {
    BootstrapDone dialler;
    AcceptedDialler listener;
    Bytes hello;
    Bytes reply;
    Bytes finish;
};

Exchange run(HelloGate& gate, BootstrapDialler::Started started, Rng& rng) {
    auto opened = gate.try_hello(started.hello);
    EXPECT_TRUE(opened.has_value());
    auto replied = std::move(*opened).reply(certificate_of(2), rng);
    EXPECT_TRUE(replied.has_value());
    auto finished = std::move(started.state).accept_reply(replied->reply);
    EXPECT_TRUE(finished.has_value());
    auto accepted = std::move(replied->state).accept_finish(finished->finish);
    EXPECT_TRUE(accepted.has_value());
    return {std::move(finished->done), std::move(*accepted), std::move(started.hello),
            std::move(replied->reply), std::move(finished->finish)};
}

void expect_agreement(const Exchange& exchange) {
    EXPECT_EQ(exchange.hello.size(), 1673U);
    EXPECT_EQ(exchange.reply.size(), 9848U);
    EXPECT_EQ(exchange.finish.size(), 8208U);
    EXPECT_TRUE(exchange.dialler.secret.equals(exchange.listener.done.secret));
    EXPECT_EQ(exchange.dialler.transcript, exchange.listener.done.transcript);
    EXPECT_EQ(exchange.dialler.peer_certificate, certificate_of(2));
    EXPECT_EQ(exchange.listener.done.peer_certificate, certificate_of(1));
}

TEST(Bootstrap, BothSidesAgreeUnderAnInvite) {
    SeededRng rng{11};
    HelloGate gate;
    const auto id = gate.add_invite(secret_of(1));
    const auto exchange =
        run(gate, BootstrapDialler::start(secret_of(1), Role::a, certificate_of(1), rng), rng);
    expect_agreement(exchange);
    EXPECT_EQ(exchange.listener.secret_id, *id);
    EXPECT_EQ(exchange.listener.kind, SecretKind::invite);
    const auto again = run(gate, BootstrapDialler::start(secret_of(1), Role::a, certificate_of(1), rng), rng);
    EXPECT_FALSE(again.dialler.secret.equals(exchange.dialler.secret));
    EXPECT_NE(again.dialler.transcript, exchange.dialler.transcript);
}

TEST(Bootstrap, EitherRoleMayDialAResumption) {
    for (const Role dialler : {Role::a, Role::b}) {
        SeededRng rng{12};
        HelloGate gate;
        const auto id = gate.add_resume(secret_of(1), other(dialler));
        const auto exchange =
            run(gate, BootstrapDialler::start(secret_of(1), dialler, certificate_of(1), rng), rng);
        expect_agreement(exchange);
        EXPECT_EQ(exchange.listener.secret_id, *id);
        EXPECT_EQ(exchange.listener.kind, SecretKind::resume);
    }
}

TEST(Bootstrap, OpenListenerTakesTheZeroSecret) {
    SeededRng rng{13};
    HelloGate gate;
    ASSERT_TRUE(gate.add_open().has_value());
    const auto exchange = run(gate, BootstrapDialler::start_open(certificate_of(1), rng), rng);
    expect_agreement(exchange);
    EXPECT_EQ(exchange.listener.kind, SecretKind::open);
}

TEST(BootstrapDeathTest, ZeroSecretIsDialledOnPurposeOnly) {
    SeededRng rng{13};
    EXPECT_DEATH(
        static_cast<void>(BootstrapDialler::start(PresharedSecret{}, Role::a, certificate_of(1), rng)),
        "PresharedSecret");
}

TEST(Bootstrap, RightSecretIsFoundAmongSixtyFour) {
    SeededRng rng{14};
    HelloGate gate;
    std::vector<SecretId> ids;
    for (u64 i = 0; i < HelloGate::max_live; ++i) ids.push_back(*gate.add_invite(secret_of(i)));
    for (const u64 i : {0U, 31U, 63U}) {
        const auto exchange =
            run(gate, BootstrapDialler::start(secret_of(i), Role::a, certificate_of(1), rng), rng);
        expect_agreement(exchange);
        EXPECT_EQ(exchange.listener.secret_id, ids[i]);
    }
}

TEST(Bootstrap, SameRandomnessGivesTheSameFrames) {
    const auto frames = [] {
        SeededRng rng{15};
        HelloGate gate;
        EXPECT_TRUE(gate.add_invite(secret_of(1)).has_value());
        return run(gate, BootstrapDialler::start(secret_of(1), Role::a, certificate_of(1), rng), rng);
    };
    const auto first = frames();
    const auto second = frames();
    EXPECT_EQ(first.hello, second.hello);
    EXPECT_EQ(first.reply, second.reply);
    EXPECT_EQ(first.finish, second.finish);
}

/// Computed apart from this code, by tools/gen_vectors/bootstrap_vectors.py.
TEST(Bootstrap, DiallerGivesTheFramesOfTheVector) {
    const auto vector = test::read_vec_file(TEST_VECTORS "/bootstrap/exchange.vec").at(0);
    const auto psk = vector.get<PresharedSecret>("secret");
    const auto own = read_certificate(vector.bytes("dialler_certificate"));
    ASSERT_TRUE(own.has_value());
    Bytes drawn;
    for (const char* name : {"dialler_x25519_private", "dialler_mlkem_seed", "hello_random", "hello_nonce"}) {
        append(drawn, vector.bytes(name));
    }
    test::FixedRng rng_of_b{drawn};
    EXPECT_EQ(BootstrapDialler::start(psk, Role::b, *own, rng_of_b).hello, vector.bytes("hello_from_b"));
    test::FixedRng rng{drawn};
    auto started = BootstrapDialler::start(psk, Role::a, *own, rng);
    EXPECT_TRUE(rng.used_up());
    EXPECT_EQ(started.hello, vector.bytes("hello"));
    const auto finished = std::move(started.state).accept_reply(vector.bytes("reply"));
    ASSERT_TRUE(finished.has_value()) << describe(finished.error());
    EXPECT_EQ(finished->finish, vector.bytes("finish"));
    EXPECT_EQ(finished->done.transcript, vector.get<BootstrapTranscript>("bootstrap_transcript"));
    EXPECT_TRUE(finished->done.secret.equals(vector.get<BootstrapSecret>("bootstrap_secret")));
    const ByteView peer = finished->done.peer_certificate.view();
    EXPECT_EQ(Bytes(peer.begin(), peer.end()), vector.bytes("listener_certificate"));
}

TEST(Bootstrap, NothingInTheFramesRepeats) {
    // No byte position of two exchanges under one secret may hold the same value more often than chance lets it.
    SeededRng rng{16};
    HelloGate gate;
    ASSERT_TRUE(gate.add_invite(secret_of(1)).has_value());
    const auto a = run(gate, BootstrapDialler::start(secret_of(1), Role::a, certificate_of(1), rng), rng);
    const auto b = run(gate, BootstrapDialler::start(secret_of(1), Role::a, certificate_of(1), rng), rng);
    const auto equal_bytes = [](const Bytes& x, const Bytes& y) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < x.size(); ++i) count += x[i] == y[i] ? 1U : 0U;
        return count;
    };
    // Expected are size / 256: 6.5, 38.5, 32; these bounds are over ten standard deviations away.
    EXPECT_LT(equal_bytes(a.hello, b.hello), 40U);
    EXPECT_LT(equal_bytes(a.reply, b.reply), 110U);
    EXPECT_LT(equal_bytes(a.finish, b.finish), 100U);
}

TEST(Bootstrap, DiallerWithoutRandomnessStartsNothing) {
    SeededRng source{17};
    std::size_t failures = 0;
    for (std::size_t call = 1;; ++call) {
        FailingRng rng{source, call};
        try {
            static_cast<void>(BootstrapDialler::start(secret_of(1), Role::a, certificate_of(1), rng));
            break;
        } catch (const RngFailure&) {
            ++failures;
        }
    }
    EXPECT_EQ(failures, 4U);  // X25519, ML-KEM, the random field, the nonce
}

TEST(Bootstrap, ListenerWithoutRandomnessSendsNothing) {
    SeededRng source{18};
    std::size_t failures = 0;
    for (std::size_t call = 1;; ++call) {
        HelloGate gate;
        ASSERT_TRUE(gate.add_invite(secret_of(1)).has_value());
        auto started = BootstrapDialler::start(secret_of(1), Role::a, certificate_of(1), source);
        auto opened = gate.try_hello(started.hello);
        ASSERT_TRUE(opened.has_value());
        FailingRng rng{source, call};
        try {
            static_cast<void>(std::move(*opened).reply(certificate_of(2), rng));
            break;
        } catch (const RngFailure&) {
            ++failures;
        }
        // The gate goes on with the next hello.
        run(gate, BootstrapDialler::start(secret_of(1), Role::a, certificate_of(1), source), source);
    }
    EXPECT_EQ(failures, 3U);  // X25519, ML-KEM, the nonce
}

TEST(Bootstrap, EveryErrorHasALineOfItsOwn) {
    std::vector<std::string_view> lines;
    for (int i = 0; i <= static_cast<int>(BootstrapError::busy); ++i) {
        lines.push_back(describe(static_cast<BootstrapError>(i)));
        EXPECT_EQ(std::count(lines.begin(), lines.end(), lines.back()), 1) << lines.back();
    }
    EXPECT_EQ(describe(static_cast<BootstrapError>(200)), "unknown");
}

}  // namespace
}  // namespace chat
