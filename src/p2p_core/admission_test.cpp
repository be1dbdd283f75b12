#include "p2p_core/admission.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/seeded_rng.hpp"
#include "support/virtual_time.hpp"

namespace chat {
namespace {

using test::at;
using namespace std::chrono_literals;

constexpr std::size_t hello_size = 1673;

NetworkKey network(const std::string& ip) { return network_of(*parse_ip(ip)); }

struct Seen {
    std::vector<ConnectionId> reset;
    std::vector<Admission::HelloComplete> hellos;
};

Seen feed(Admission& admission, const Admission::Input& input, Time now) {
    Seen seen;
    admission.handle(input, now);
    while (auto output = admission.poll()) {
        if (auto* hello = std::get_if<Admission::HelloComplete>(&*output)) {
            seen.hellos.push_back(std::move(*hello));
        } else {
            seen.reset.push_back(std::get_if<Admission::Reset>(&*output)->connection);
        }
    }
    return seen;
}

class AdmissionTest : public testing::Test {
  protected:
    test::SeededRng rng_{7};
    Admission admission_{rng_};

    Seen accept(ConnectionId id, const std::string& ip, Time now) {
        return feed(admission_, Admission::Accepted{id, network(ip)}, now);
    }
    Seen receive(ConnectionId id, const Bytes& bytes, Time now) {
        return feed(admission_, Admission::Received{id, bytes}, now);
    }
    /// The moment at which each connection is reset, when the machine is woken at its deadlines only.
    std::map<ConnectionId, Time> run_out() {
        std::map<ConnectionId, Time> out;
        while (const auto when = admission_.deadline()) {
            for (ConnectionId id : feed(admission_, Admission::TimePassed{}, *when).reset) out[id] = *when;
        }
        return out;
    }
};

TEST_F(AdmissionTest, DrawsTheHoldTimeOnceInItsRange) {
    std::set<Duration> drawn;
    for (u64 seed = 0; seed < 50; ++seed) {
        SCOPED_TRACE(seed);
        test::SeededRng rng{seed};
        const Admission admission{rng};
        EXPECT_GE(admission.hold_time(), 8s);
        EXPECT_LE(admission.hold_time(), 15s);
        drawn.insert(admission.hold_time());
        EXPECT_LE(rng.calls(), 3U);
    }
    EXPECT_GT(drawn.size(), 40U);
}

TEST_F(AdmissionTest, RefusesToStartWithoutRandomness) {
    test::FailingRng failing{rng_, 1};
    EXPECT_THROW(Admission{failing}, RngFailure);
}

TEST_F(AdmissionTest, WhateverAStrangerSendsItIsResetAtTheSameTime) {
    const std::string ip = "192.0.2.1";
    for (ConnectionId id = 0; id < 7; ++id) EXPECT_TRUE(accept(id, ip, at(0s)).reset.empty());
    // 0 sends nothing, 1 half a hello, 2 a hello that nobody's secret opens, 3 that and more, 4 a valid one
    // and a bad finish, 5 a byte late, 6 a valid hello and nothing more.
    receive(1, Bytes(hello_size / 2), at(10ms));
    ASSERT_EQ(receive(2, Bytes(hello_size), at(10ms)).hellos.size(), 1U);
    ASSERT_EQ(receive(3, Bytes(5 * hello_size), at(10ms)).hellos.size(), 1U);
    EXPECT_TRUE(receive(3, Bytes(hello_size), at(20ms)).hellos.empty());
    for (ConnectionId id : {4U, 6U}) {
        ASSERT_EQ(receive(id, Bytes(hello_size), at(10ms)).hellos.size(), 1U);
        feed(admission_, Admission::HelloValid{id}, at(10ms));
    }
    feed(admission_, Admission::Refused{4}, at(5s));
    receive(4, Bytes(100), at(6s));
    receive(5, Bytes(1), at(7s));
    const auto ends = run_out();
    ASSERT_EQ(ends.size(), 7U);
    for (const auto& [id, when] : ends) EXPECT_EQ(when, at(0s) + admission_.hold_time()) << id;
    EXPECT_EQ(admission_.held(), 0U);
    EXPECT_EQ(admission_.buffered(), 0U);
}

TEST_F(AdmissionTest, HandsOutTheHelloAndWhatCameBehindIt) {
    accept(1, "192.0.2.1", at(0s));
    Bytes sent(hello_size + 5);
    for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<u8>(i * 31);
    EXPECT_TRUE(receive(1, Bytes(sent.begin(), sent.begin() + 1000), at(0s)).hellos.empty());
    EXPECT_EQ(admission_.buffered(), 1000U);
    const Seen seen = receive(1, Bytes(sent.begin() + 1000, sent.end()), at(0s));
    ASSERT_EQ(seen.hellos.size(), 1U);
    EXPECT_EQ(seen.hellos[0].connection, 1U);
    EXPECT_EQ(seen.hellos[0].hello, Bytes(sent.begin(), sent.begin() + hello_size));
    EXPECT_EQ(seen.hellos[0].rest, Bytes(sent.begin() + hello_size, sent.end()));
    EXPECT_EQ(admission_.buffered(), 0U);
}

TEST_F(AdmissionTest, AnEstablishedConnectionLeavesThePool) {
    accept(1, "192.0.2.1", at(0s));
    receive(1, Bytes(hello_size), at(0s));
    feed(admission_, Admission::HelloValid{1}, at(0s));
    EXPECT_EQ(admission_.reset_time(1), at(0s) + admission_.hold_time());
    feed(admission_, Admission::Established{1}, at(1s));
    EXPECT_FALSE(admission_.reset_time(1));
    EXPECT_FALSE(admission_.deadline());
}

TEST_F(AdmissionTest, APeerThatResetItselfIsForgotten) {
    accept(1, "192.0.2.1", at(0s));
    feed(admission_, Admission::Gone{1}, at(1s));
    EXPECT_EQ(admission_.held(), 0U);
    // Everything about an unknown connection is passed over.
    EXPECT_TRUE(receive(1, Bytes(hello_size), at(1s)).hellos.empty());
    feed(admission_, Admission::HelloValid{1}, at(1s));
    feed(admission_, Admission::Refused{1}, at(1s));
    feed(admission_, Admission::Established{1}, at(1s));
    feed(admission_, Admission::Gone{1}, at(1s));
    EXPECT_FALSE(admission_.deadline());
}

TEST_F(AdmissionTest, OneNetworkPushesOutItsOwnOldestOnly) {
    accept(1000, "198.51.100.1", at(0s));
    for (ConnectionId id = 0; id < 64; ++id) EXPECT_TRUE(accept(id, "192.0.2.1", at(1s)).reset.empty());
    EXPECT_EQ(accept(64, "192.0.2.1", at(2s)).reset, std::vector<ConnectionId>{0});
    EXPECT_EQ(accept(65, "192.0.2.1", at(2s)).reset, std::vector<ConnectionId>{1});
    EXPECT_EQ(admission_.held(), 65U);
}

TEST_F(AdmissionTest, AnIpv6NetworkIsAPrefixOf64Bits) {
    EXPECT_EQ(network("2001:db8:0:1::1"), network("2001:db8:0:1:ffff::2"));
    EXPECT_NE(network("2001:db8:0:1::1"), network("2001:db8:0:2::1"));
    EXPECT_NE(network("192.0.2.1"), network("192.0.2.2"));
    EXPECT_NE(network("32.1.13.184"), network("2001:db8::"));
}

TEST_F(AdmissionTest, AFullPoolPushesOutTheOldestWithoutAValidHello) {
    const auto ip = [](ConnectionId id) { return "10.0." + std::to_string(id / 64) + ".1"; };
    for (ConnectionId id = 0; id < 256; ++id) EXPECT_TRUE(accept(id, ip(id), at(0s)).reset.empty());
    receive(0, Bytes(hello_size), at(0s));
    feed(admission_, Admission::HelloValid{0}, at(0s));
    receive(1, Bytes(hello_size), at(0s));  // opens under no secret, so it may go like any other
    EXPECT_EQ(accept(256, "10.1.0.1", at(1s)).reset, std::vector<ConnectionId>{1});
    EXPECT_EQ(accept(257, "10.1.0.1", at(1s)).reset, std::vector<ConnectionId>{2});
    feed(admission_, Admission::Refused{0}, at(1s));  // its finish was wrong
    EXPECT_EQ(accept(258, "10.1.0.1", at(1s)).reset, std::vector<ConnectionId>{0});
    EXPECT_EQ(admission_.held(), 256U);
}

TEST_F(AdmissionTest, WhereAllHaveAValidHelloTheNewcomerGoes) {
    Admission small{rng_, {2, 2, 8s, 15s, hello_size}};
    for (ConnectionId id = 0; id < 2; ++id) {
        feed(small, Admission::Accepted{id, network("192.0.2.1")}, at(0s));
        feed(small, Admission::Received{id, Bytes(hello_size)}, at(0s));
        feed(small, Admission::HelloValid{id}, at(0s));
    }
    EXPECT_EQ(feed(small, Admission::Accepted{2, network("192.0.2.1")}, at(0s)).reset,
              std::vector<ConnectionId>{2});
    EXPECT_EQ(feed(small, Admission::Accepted{3, network("192.0.2.9")}, at(0s)).reset,
              std::vector<ConnectionId>{3});
    EXPECT_EQ(small.held(), 2U);
}

TEST_F(AdmissionTest, AThousandNoiseConnectionsLeaveTheRealPeerServed) {
    // All from the peer's own address, the worst case: half of them come before the peer, half after it, and
    // each sends noise.
    const std::string ip = "127.0.0.1";
    const Bytes noise(hello_size - 1, 0xAA);
    std::size_t most_buffered = 0;
    const auto strangers = [&](ConnectionId from, ConnectionId upto) {
        for (ConnectionId id = from; id < upto; ++id) {
            accept(id, ip, at(1ms * id));
            receive(id, noise, at(1ms * id));
            most_buffered = std::max(most_buffered, admission_.buffered());
        }
    };
    strangers(0, 500);
    accept(5000, ip, at(500ms));
    ASSERT_EQ(receive(5000, Bytes(hello_size), at(500ms)).hellos.size(), 1U);
    feed(admission_, Admission::HelloValid{5000}, at(500ms));
    strangers(500, 1000);
    EXPECT_TRUE(admission_.reset_time(5000));
    EXPECT_LE(admission_.held(), 64U);
    EXPECT_LE(most_buffered, 64 * hello_size);
    feed(admission_, Admission::Established{5000}, at(1001ms));
    EXPECT_EQ(run_out().count(5000), 0U);
}

TEST_F(AdmissionTest, MemoryStaysBoundedWhoeverConnects) {
    for (ConnectionId id = 0; id < 20000; ++id) {
        const std::string ip = "10." + std::to_string(id % 200) + "." + std::to_string(id / 200) + ".1";
        accept(id, ip, at(1ms * id));
        receive(id, Bytes(1672), at(1ms * id));
        ASSERT_LE(admission_.held(), 256U);
        ASSERT_LE(admission_.buffered(), 256 * hello_size);
    }
}

}  // namespace
}  // namespace chat
