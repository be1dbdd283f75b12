#include "shell/net/dialler.hpp"

#include "shell/net/listener.hpp"
#include "support/loop_fixture.hpp"
#include "support/raw_socket.hpp"

namespace chat {
namespace {

using test::loopback_v4;
using test::loopback_v6;
using test::RawSocket;
using namespace std::chrono_literals;

class DiallerTest : public test::LoopFixture {
  protected:
    std::unique_ptr<Listener> listen(std::vector<IpAddress> ips = {}) {
        ListenOptions options;
        options.bind = std::move(ips);
        return *Listener::open(loop, options,
                               {[this](std::unique_ptr<Stream> stream) {
                                    stream->start({});
                                    accepted.push_back(std::move(stream));
                                },
                                {}});
    }
    void dial(DialOptions options) {
        dialler = std::make_unique<Dialler>(
            loop, resolver, std::move(options),
            Dialler::Events{
                [this](AttemptId id, std::unique_ptr<Stream> stream) {
                    stream->start({[this](ByteView bytes) { append(received, bytes); }, {}, {}, {}});
                    connected[id] = std::move(stream);
                },
                [this](const DialReportLine& line) { progress.push_back(describe(line)); },
                [this](const std::vector<DialReportLine>& report) { failed = report; },
                [this](AttemptId id) { lost.push_back(id); }});
        EXPECT_TRUE(connected.empty() && !failed) << "called back from inside the call";
    }
    DialOptions to(const std::vector<SocketAddress>& addresses,
                   DialWinner winner = DialWinner::first_connected) {
        DialOptions out;
        for (const SocketAddress& address : addresses) out.places.push_back(host_port(address));
        out.winner = winner;
        return out;
    }
    /// A port on which nobody listens.
    static u16 closed_port() { return RawSocket::bound_to(loopback_v4(), SOCK_STREAM).local().port; }

    Resolver resolver{loop, [](const std::string& name) -> Result<std::vector<IpAddress>, NetError> {
                          if (name == "both.example") return std::vector{loopback_v6().ip, loopback_v4().ip};
                          return fail(NetError::name_not_found);
                      }};
    std::unique_ptr<Dialler> dialler;
    std::vector<std::unique_ptr<Stream>> accepted;
    std::map<AttemptId, std::unique_ptr<Stream>> connected;
    std::vector<std::string> progress;
    std::optional<std::vector<DialReportLine>> failed;
    std::vector<AttemptId> lost;
    Bytes received;
};

TEST_F(DiallerTest, ConnectsOverEachFamily) {
    const auto listener = listen();
    for (const SocketAddress& address : {loopback_v4(listener->port()), loopback_v6(listener->port())}) {
        connected.clear();
        accepted.clear();
        dial(to({address}));
        run_until([&] { return connected.size() == 1 && accepted.size() == 1; });
        EXPECT_EQ(connected.begin()->second->peer(), address);
        ASSERT_TRUE(accepted[0]->write({'h', 'i'}));
        run_until([&] { return received.size() == 2; });
        received.clear();
    }
}

TEST_F(DiallerTest, TriesTheNextAddressWhenOneRefuses) {
    const auto listener = listen({loopback_v4().ip});
    DialOptions options;
    options.places = {*parse_host_port("both.example:" + std::to_string(listener->port()))};
    options.winner = DialWinner::first_connected;
    dial(options);
    run_until([&] { return connected.size() == 1; });
    EXPECT_EQ(connected.begin()->second->peer(), loopback_v4(listener->port()));
    ASSERT_EQ(progress.size(), 1U);
    EXPECT_EQ(progress[0].rfind("[::1]:" + std::to_string(listener->port()) + " (both.example:", 0), 0U);
    EXPECT_NE(progress[0].find("connection refused"), std::string::npos);
}

TEST_F(DiallerTest, SaysForEachAddressWhyItFailed) {
    const u16 port = closed_port();
    DialOptions options = to({loopback_v4(port), loopback_v6(port)});
    options.places.push_back(*parse_host_port("nowhere.example:1"));
    options.places.push_back(*parse_host_port("[fe80::1%nosuch]:1"));
    dial(options);
    run_until([&] { return failed.has_value(); });
    std::map<std::string, NetError> reasons;
    for (const DialReportLine& line : *failed) reasons[line.place] = line.error;
    EXPECT_EQ(reasons,
              (std::map<std::string, NetError>{{"127.0.0.1:" + std::to_string(port), NetError::refused},
                                               {"[::1]:" + std::to_string(port), NetError::refused},
                                               {"nowhere.example:1", NetError::name_not_found},
                                               {"[fe80::1%nosuch]:1", NetError::unknown_interface}}));
    EXPECT_EQ(progress.size(), 4U);
    EXPECT_TRUE(connected.empty());
}

TEST_F(DiallerTest, ALinkLocalAddressWithoutInterfaceIsSaidSo) {
    dial(to({{*parse_ip("fe80::1"), 7}}));
    run_until([&] { return failed.has_value(); });
    EXPECT_EQ(failed->front().error, NetError::unknown_interface);
}

TEST_F(DiallerTest, AnAddressThatDoesntAnswerTimesOut) {
    // A listener whose queue is full drops what comes, as a firewall would.
    const RawSocket full = RawSocket::listening_on(loopback_v4(), 0);
    std::vector<RawSocket> filling;
    filling.push_back(RawSocket::connected_to(full.local()));
    DialOptions options = to({full.local()});
    options.limits.attempt = 50ms;
    dial(options);
    run_until([&] { return failed.has_value(); });
    EXPECT_EQ(failed->front().error, NetError::timed_out);
    EXPECT_GE(failed->front().took, 50ms);
}

TEST_F(DiallerTest, TheOneConfirmedWinsAndTheOthersAreLost) {
    const auto stranger = listen({loopback_v4().ip});
    const auto peer = listen({*parse_ip("127.0.0.2")});
    DialOptions options = to({loopback_v4(stranger->port()), {*parse_ip("127.0.0.2"), peer->port()}},
                             DialWinner::first_confirmed);
    options.limits.unconfirmed_stagger = 10ms;
    dial(options);
    run_until([&] { return connected.size() == 2; });
    const auto is_peer = [&](const auto& entry) { return entry.second->peer().port == peer->port(); };
    const AttemptId right = std::find_if(connected.begin(), connected.end(), is_peer)->first;
    dialler->confirm(right);
    EXPECT_TRUE(lost.empty()) << "called back from inside the call";
    run_until([&] { return !lost.empty(); });
    settle();
    EXPECT_EQ(lost, std::vector<AttemptId>{1 - right});
    EXPECT_FALSE(failed);
    EXPECT_EQ(dialler->report().at(right).state, DialReportLine::State::won);
    ASSERT_TRUE(connected.at(right)->write({1}));
}

TEST_F(DiallerTest, WhenAllAreRejectedItFails) {
    const auto stranger = listen();
    dial(to({loopback_v4(stranger->port())}, DialWinner::first_confirmed));
    run_until([&] { return connected.size() == 1; });
    dialler->reject(connected.begin()->first, NetError::not_the_peer);
    EXPECT_FALSE(failed) << "called back from inside the call";
    run_until([&] { return failed.has_value(); });
    EXPECT_EQ(failed->front().error, NetError::not_the_peer);
    EXPECT_TRUE(lost.empty());
}

TEST_F(DiallerTest, ConnectsFromThePortListenedOn) {
    const auto mine = listen();
    const auto theirs = listen({*parse_ip("127.0.0.2")});
    DialOptions options = to({{*parse_ip("127.0.0.2"), theirs->port()}});
    options.source_port = mine->port();
    dial(options);
    run_until([&] { return connected.size() == 1 && accepted.size() == 1; });
    EXPECT_EQ(accepted[0]->peer().port, mine->port());
    // And it still takes connections itself.
    accepted.clear();
    const RawSocket guest = RawSocket::connected_to(loopback_v4(mine->port()));
    run_until([&] { return accepted.size() == 1; });
}

TEST_F(DiallerTest, AForeignSourcePortIsAnError) {
    const RawSocket other = RawSocket::listening_on(loopback_v4());
    DialOptions options = to({loopback_v4(closed_port())});
    options.source_port = other.local().port;
    dial(options);
    run_until([&] { return failed.has_value(); });
    EXPECT_EQ(failed->front().error, NetError::address_in_use);
}

TEST_F(DiallerTest, NeverTakesItselfForThePeer) {
    // From a free port to that same port: TCP's simultaneous open connects a socket with itself.
    const u16 port = closed_port();
    DialOptions options = to({loopback_v4(port)});
    options.source_port = port;
    dial(options);
    run_until([&] { return failed.has_value() || !connected.empty(); });
    EXPECT_TRUE(connected.empty());
    EXPECT_EQ(failed->front().error, NetError::refused);
}

TEST_F(DiallerTest, SaysNothingMoreOnceDestroyed) {
    const auto listener = listen();
    dial(to({loopback_v4(listener->port())}));
    dialler.reset();
    settle();
    EXPECT_TRUE(connected.empty());
    EXPECT_FALSE(failed);
}

TEST_F(DiallerTest, MayBeDestroyedFromItsCallbacks) {
    const auto listener = listen();
    for (const u16 port : {listener->port(), closed_port()}) {
        bool called = false;
        std::unique_ptr<Dialler> own;
        const auto destroy = [&] {
            own.reset();
            called = true;
        };
        own =
            std::make_unique<Dialler>(loop, resolver, to({loopback_v4(port)}),
                                      Dialler::Events{[&](AttemptId, std::unique_ptr<Stream>) { destroy(); },
                                                      [&](const DialReportLine&) { destroy(); },
                                                      [](const std::vector<DialReportLine>&) { FAIL(); },
                                                      {}});
        run_until([&] { return called; });
        settle();
    }
}

}  // namespace
}  // namespace chat
